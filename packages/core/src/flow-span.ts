// The span side of a flow: what instrumentations and hosts do to the active span lands on the flow.
import type { Attributes, AttributeValue, Exception, Link, SpanStatus } from "@opentelemetry/api";
import { SpanStatusCode } from "@opentelemetry/api";
import type { FlowSpanEvent } from "./ended-flow.ts";

const MAX_ATTRIBUTES = 128;
const MAX_SPAN_EVENTS = 64;

/** State that a span API sets; nothing is allocated until it does. */
export abstract class FlowSpan {
  hasEnded = false;
  failed = false;
  error: unknown = undefined;
  spanName: string | undefined = undefined;
  status: SpanStatus | undefined = undefined;
  spanEvents: FlowSpanEvent[] | undefined = undefined;
  links: Link[] | undefined = undefined;
  attributes: Attributes | undefined = undefined;
  #attributeCount = 0;

  protected abstract nowMs(): number;
  protected abstract overflowed(): void;

  setAttribute(name: string, value: AttributeValue): this {
    if (typeof name !== "string") return this;
    if (this.attributes === undefined) this.attributes = Object.create(null) as Attributes;
    if (!(name in this.attributes) && ++this.#attributeCount > MAX_ATTRIBUTES) this.overflowed();
    else this.attributes[name] = value;
    return this;
  }

  setAttributes(attributes: Attributes): this {
    try {
      for (const name of Object.keys(attributes)) this.setAttribute(name, attributes[name] as AttributeValue);
    } catch {
      // A Proxy or getter of the host's threw; what was read so far stays.
    }
    return this;
  }

  addEvent(name: string, attributesOrTime?: Attributes | unknown): this {
    if (this.hasEnded) return this;
    this.spanEvents ??= [];
    if (this.spanEvents.length < MAX_SPAN_EVENTS) {
      const attributes = isPlainAttributes(attributesOrTime) ? attributesOrTime : undefined;
      this.spanEvents.push({ name: String(name), timeMs: this.nowMs(), attributes });
    }
    return this;
  }

  addLink(link: Link): this {
    this.links ??= [];
    if (this.links.length < MAX_SPAN_EVENTS) this.links.push(link);
    return this;
  }

  addLinks(links: Link[]): this {
    for (const link of links) this.addLink(link);
    return this;
  }

  setStatus(status: SpanStatus): this {
    this.status = status;
    if (status.code === SpanStatusCode.ERROR) this.failed = true;
    return this;
  }

  updateName(name: string): this {
    this.spanName = String(name);
    return this;
  }

  isRecording(): boolean {
    return !this.hasEnded;
  }

  recordException(exception: Exception): void {
    if (this.hasEnded) return;
    this.error ??= exception;
    this.addEvent("exception", exceptionAttributes(exception));
  }
}

function isPlainAttributes(value: unknown): value is Attributes {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);
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
