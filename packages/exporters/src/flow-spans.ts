// Turns a kept flow into spans, after the tick: one root and one child a stage.
import {
  type Attributes,
  type HrTime,
  type Link,
  type SpanContext,
  SpanKind,
  type SpanStatus,
  SpanStatusCode,
} from "@opentelemetry/api";
import type { InstrumentationScope } from "@opentelemetry/core";
import type { Resource } from "@opentelemetry/resources";
import type { ReadableSpan, TimedEvent } from "@opentelemetry/sdk-trace";
import type { Clock, Redactor } from "@tracebook/core";
import {
  type AttributeSink,
  boundAttributes,
  collectInto,
  type EndedFlow,
  exceptionAttributes,
  type IdSource,
  type RecordAttributes,
  toSpanAttributes,
  wordsToHex,
} from "@tracebook/core/extension";

/** The instrumentation scope of all spans and records that Tracebook makes itself. */
export const TRACEBOOK_SCOPE: InstrumentationScope = Object.freeze({ name: "tracebook", version: "0.1.0" });

/** What the spans of all flows share. */
export interface FlowSpanOptions {
  readonly resource: Resource;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly redactor: Redactor;
}

/** A span that was built when it was over: what exporters read, and nothing else. */
class BuiltSpan implements ReadableSpan {
  readonly name: string;
  readonly kind: SpanKind;
  readonly parentSpanContext?: SpanContext;
  readonly startTime: HrTime;
  readonly endTime: HrTime;
  readonly duration: HrTime;
  readonly status: SpanStatus;
  readonly attributes: Attributes;
  readonly links: Link[];
  readonly events: TimedEvent[];
  readonly resource: Resource;
  readonly ended = true;
  readonly instrumentationScope = TRACEBOOK_SCOPE;
  readonly droppedAttributesCount = 0;
  readonly droppedEventsCount = 0;
  readonly droppedLinksCount = 0;
  readonly #spanContext: SpanContext;

  constructor(
    spanContext: SpanContext,
    parent: SpanContext | undefined,
    name: string,
    kind: SpanKind,
    startTime: HrTime,
    endTime: HrTime,
    durationMs: number,
    resource: Resource,
    rest: { status: SpanStatus; attributes: Attributes; links: Link[]; events: TimedEvent[] },
  ) {
    this.#spanContext = spanContext;
    if (parent !== undefined) this.parentSpanContext = parent;
    this.name = name;
    this.kind = kind;
    this.startTime = startTime;
    this.endTime = endTime;
    this.duration = toDuration(durationMs);
    this.resource = resource;
    this.status = rest.status;
    this.attributes = rest.attributes;
    this.links = rest.links;
    this.events = rest.events;
  }

  spanContext(): SpanContext {
    return this.#spanContext;
  }
}

const UNSET: SpanStatus = Object.freeze({ code: SpanStatusCode.UNSET });
const NO_LINKS: Link[] = [];
const NO_EVENTS: TimedEvent[] = [];
const OWN_PLACE = new Set(["symbol", "strategy", "traceId", "parent"]);
/** Sampled, and random as W3C Trace Context level 2 says of ids like ours. */
const FLAGS = 0x3;

/** The spans of a kept flow: its stages in order, then the root. Cost: about 0.3 us a span. */
export function buildFlowSpans(flow: EndedFlow, options: FlowSpanOptions): ReadableSpan[] {
  const { clock, resource } = options;
  const traceId = flow.traceId;
  const root: SpanContext = { traceId, spanId: flow.spanId, traceFlags: FLAGS };
  const spans: ReadableSpan[] = [];
  const words = new Int32Array(2 * flow.markCount);
  options.ids.fill(words, 0, words.length);
  let fromMs = flow.startMs;
  let from = toHrTime(clock, fromMs);
  const start = from;
  for (let i = 0; i < flow.markCount; i++) {
    const toMs = flow.markMs(i);
    const to = toHrTime(clock, toMs);
    const spanId = wordsToHex(words[2 * i]! | 1, words[2 * i + 1]!);
    const name = flow.kind.stages[flow.markStage(i)] ?? "stage";
    spans.push(
      new BuiltSpan(
        { traceId, spanId, traceFlags: FLAGS },
        root,
        name,
        SpanKind.INTERNAL,
        from,
        to,
        toMs - fromMs,
        resource,
        {
          status: UNSET,
          attributes: {},
          links: NO_LINKS,
          events: NO_EVENTS,
        },
      ),
    );
    from = to;
    fromMs = toMs;
  }
  const parentId = flow.parentSpanId;
  const parent = parentId === undefined ? undefined : { traceId, spanId: parentId, traceFlags: FLAGS, isRemote: false };
  const { startMs, endMs } = flow;
  const name = flow.spanName === undefined ? flow.kind.name : options.redactor.text(flow.spanName);
  spans.push(
    new BuiltSpan(root, parent, name, flow.kind.spanKind, start, toHrTime(clock, endMs), endMs - startMs, resource, {
      status: statusOf(flow, options.redactor),
      attributes: rootAttributes(flow, options.redactor),
      links: linksOf(flow, traceId, options.redactor),
      events: eventsOf(flow, options),
    }),
  );
  return spans;
}

/** The attributes of the root span of a flow. */
export function rootAttributes(flow: EndedFlow, redactor: Redactor): Attributes {
  const { given, attributes: own } = flow;
  const attributes: RecordAttributes = {};
  // What the host gave may be anything; what Tracebook made itself needs no second look.
  if (!hasNamedOnly(flow)) Object.assign(attributes, boundAttributes({ ...toSpanAttributes(given), ...own }, redactor));
  writeNamedAttributes(flow, redactor, collectInto(attributes));
  return attributes;
}

/** True when {@link writeNamedAttributes} writes all attributes of the root span, each name once. */
export function isNamedOnce(flow: EndedFlow): boolean {
  return hasNamedOnly(flow) && (flow.reason === undefined || flow.verdictRecord === undefined);
}

/** The attributes of the root span that Tracebook names itself. */
export function writeNamedAttributes(flow: EndedFlow, redactor: Redactor, out: AttributeSink): void {
  const { verdictRecord: verdict } = flow;
  if (flow.symbol !== undefined) out.text("trading.symbol", redactor.text(flow.symbol));
  if (flow.strategy !== undefined) out.text("trading.strategy", redactor.text(flow.strategy));
  verdict?.kind.writeSpanAttributes?.(verdict.payload, redactor, out);
  out.text("trading.run_id", redactor.text(flow.runId));
  out.text("trading.stage", flow.outcomeStage);
  out.text("trading.reason_code", redactor.text(String(flow.reasonCode)));
  if (flow.reason !== undefined) out.text("trading.reason", redactor.text(String(flow.reason)));
  if (flow.keepReason !== undefined) out.text("trading.keep_reason", flow.keepReason);
}

function hasNamedOnly({ attributes, given }: EndedFlow): boolean {
  return attributes === undefined && given !== undefined && hasOnlyLabels(given);
}

/** True for a flow that was started with nothing but what has a place of its own. */
function hasOnlyLabels(given: NonNullable<EndedFlow["given"]>): boolean {
  if (typeof given !== "object") return false;
  try {
    for (const name in given) if (!OWN_PLACE.has(name)) return false;
    return true;
  } catch {
    return false;
  }
}

function statusOf(flow: EndedFlow, redactor: Redactor): SpanStatus {
  if (flow.status !== undefined) {
    const { code, message } = flow.status;
    return message === undefined ? { code } : { code, message: redactor.text(String(message)) };
  }
  if (!flow.failed) return UNSET;
  const message = exceptionAttributes(flow.error)["exception.message"];
  return message === undefined
    ? { code: SpanStatusCode.ERROR }
    : { code: SpanStatusCode.ERROR, message: redactor.text(String(message)) };
}

function linksOf(flow: EndedFlow, traceId: string, redactor: Redactor): Link[] {
  const links = (flow.links ?? []).map(({ context, attributes }): Link => {
    return attributes === undefined ? { context } : { context, attributes: boundAttributes(attributes, redactor) };
  });
  const linked = flow.linkedSpanId;
  // The parent was not sampled: pointing at it as the parent would make this trace look cut.
  if (linked !== undefined) links.push({ context: { traceId, spanId: linked, traceFlags: 0 } });
  return links;
}

function eventsOf(flow: EndedFlow, { clock, redactor }: FlowSpanOptions): TimedEvent[] {
  const events: TimedEvent[] = [];
  for (const event of flow.spanEvents ?? []) {
    const time = toHrTime(clock, event.timeMs);
    const attributes = boundAttributes(event.attributes ?? {}, redactor);
    events.push({ name: redactor.text(event.name), time, attributes });
  }
  if (flow.failed && flow.error !== undefined && !events.some((event) => event.name === "exception")) {
    const attributes = boundAttributes(exceptionAttributes(flow.error), redactor);
    events.push({ name: "exception", time: toHrTime(clock, flow.endMs), attributes });
  }
  return events;
}

/** Nanoseconds are kept: an epoch in microseconds for the base, the fraction of the monotonic time for the rest. */
export function toHrTime(clock: Clock, timeMs: number): HrTime {
  const micros = clock.epochMicros(timeMs);
  const seconds = Math.floor(micros / 1e6);
  return [seconds, Math.round((micros - seconds * 1e6) * 1e3)];
}

function toDuration(ms: number): HrTime {
  const seconds = Math.floor(ms / 1e3);
  return [seconds, Math.round((ms - seconds * 1e3) * 1e6)];
}
