// The span side of a flow: what instrumentations and hosts do to the active span lands on the flow.
import type { Attributes, AttributeValue, Exception, Link, SpanStatus } from "@opentelemetry/api";
import { SpanStatusCode } from "@opentelemetry/api";
import type { FlowSpanEvent } from "./ended-flow.ts";
import { toLabel } from "./label.ts";
import type { EventRecord } from "./record.ts";

const MAX_ATTRIBUTES = 128;
const MAX_SPAN_EVENTS = 64;

/** What most flows never have; made when one first needs it, so that the others need not carry it. */
export interface RareState {
  error: unknown;
  reason: string | undefined;
  spanName: string | undefined;
  status: SpanStatus | undefined;
  spanEvents: FlowSpanEvent[] | undefined;
  links: Link[] | undefined;
  attributes: Attributes | undefined;
  attributeCount: number;
  /** Spans of instrumentations that wait for the fate of the flow. */
  held: unknown[] | undefined;
  /** Records after the first. */
  records: EventRecord[] | undefined;
}

/** The span API over a flow's rare state. */
export abstract class FlowSpan {
  hasEnded = false;
  failed = false;
  protected rare: RareState | undefined = undefined;

  protected abstract nowMs(): number;
  protected abstract overflowed(): void;

  protected makeRare(): RareState {
    this.rare ??= {
      error: undefined,
      reason: undefined,
      spanName: undefined,
      status: undefined,
      spanEvents: undefined,
      links: undefined,
      attributes: undefined,
      attributeCount: 0,
      held: undefined,
      records: undefined,
    };
    return this.rare;
  }

  get error(): unknown {
    return this.rare?.error;
  }

  get spanName(): string | undefined {
    return this.rare?.spanName;
  }

  get status(): SpanStatus | undefined {
    return this.rare?.status;
  }

  get spanEvents(): readonly FlowSpanEvent[] | undefined {
    return this.rare?.spanEvents;
  }

  get links(): readonly Link[] | undefined {
    return this.rare?.links;
  }

  get attributes(): Attributes | undefined {
    return this.rare?.attributes;
  }

  setAttribute(name: string, value: AttributeValue): this {
    if (typeof name !== "string") return this;
    const rare = this.makeRare();
    rare.attributes ??= Object.create(null) as Attributes;
    if (!(name in rare.attributes) && ++rare.attributeCount > MAX_ATTRIBUTES) this.overflowed();
    else rare.attributes[name] = value;
    return this;
  }

  setAttributes(attributes: Attributes): this {
    // The keys of a long text are as many as its characters.
    if (typeof attributes !== "object") return this;
    try {
      for (const name of Object.keys(attributes)) this.setAttribute(name, attributes[name] as AttributeValue);
    } catch {
      // A Proxy or getter of the host's threw; what was read so far stays.
    }
    return this;
  }

  addEvent(name: string, attributesOrTime?: Attributes | unknown): this {
    if (this.hasEnded) return this;
    const rare = this.makeRare();
    rare.spanEvents ??= [];
    if (rare.spanEvents.length < MAX_SPAN_EVENTS) {
      const attributes = isPlainAttributes(attributesOrTime) ? attributesOrTime : undefined;
      rare.spanEvents.push({ name: toLabel(name) ?? "event", timeMs: this.nowMs(), attributes });
    }
    return this;
  }

  addLink(link: Link): this {
    const own = toLink(link);
    if (own === undefined) return this;
    const rare = this.makeRare();
    rare.links ??= [];
    if (rare.links.length < MAX_SPAN_EVENTS) rare.links.push(own);
    return this;
  }

  addLinks(links: Link[]): this {
    try {
      if (Array.isArray(links)) for (const link of links) this.addLink(link);
    } catch {
      // A Proxy of the host's threw; what was read so far stays.
    }
    return this;
  }

  setStatus(status: SpanStatus): this {
    try {
      const { code } = status;
      const message = toLabel(status.message);
      this.makeRare().status = message === undefined ? { code } : { code, message };
      if (code === SpanStatusCode.ERROR) this.failed = true;
    } catch {
      // A getter or Proxy of the host's threw: the status stays as it was.
    }
    return this;
  }

  updateName(name: string): this {
    if (typeof name === "string") this.makeRare().spanName = toLabel(name);
    return this;
  }

  isRecording(): boolean {
    return !this.hasEnded;
  }

  recordException(exception: Exception): void {
    if (this.hasEnded) return;
    const rare = this.makeRare();
    rare.error ??= exception;
    this.addEvent("exception", exceptionAttributes(exception));
  }
}

function isPlainAttributes(value: unknown): value is Attributes {
  try {
    return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);
  } catch {
    return false;
  }
}

/** A link as exporters can write it; one without ids would keep a whole batch from leaving. */
function toLink(link: Link): Link | undefined {
  try {
    const { traceId, spanId, traceFlags } = link.context;
    if (typeof traceId !== "string" || typeof spanId !== "string") return undefined;
    const context = { traceId, spanId, traceFlags: Number(traceFlags) || 0 };
    return isPlainAttributes(link.attributes) ? { context, attributes: link.attributes } : { context };
  } catch {
    return undefined;
  }
}

/** The semantic conventions' attributes of an exception (`exception.type`, `exception.message`, `exception.stacktrace`). */
export function exceptionAttributes(exception: unknown): Attributes {
  try {
    if (typeof exception === "object" && exception !== null) {
      const { name, message, stack, code } = exception as {
        name?: unknown;
        message?: unknown;
        stack?: unknown;
        code?: unknown;
      };
      const attributes: Attributes = { "exception.type": String(code ?? name ?? "Error") };
      if (message !== undefined) attributes["exception.message"] = String(message);
      if (stack !== undefined) attributes["exception.stacktrace"] = String(stack);
      return attributes;
    }
    return { "exception.message": String(exception) };
  } catch {
    return { "exception.type": "unreadable" };
  }
}
