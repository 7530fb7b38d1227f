// Requests of traces, read back into the spans they were made of.
import type { Attributes, HrTime, Link, SpanContext, SpanStatus } from "@opentelemetry/api";
import { hrTimeDuration, TraceState } from "@opentelemetry/core";
import type { Resource } from "@opentelemetry/resources";
import type { ReadableSpan, TimedEvent } from "@opentelemetry/sdk-trace";
import { readKeyValue } from "./any-value.ts";
import { type DecodedScope, defineRequestReader } from "./request-entries.ts";
import type { MessageTable } from "./wire-reader.ts";

interface ContextDraft {
  traceId: string;
  spanId: string;
  traceState: string;
  flags: number;
}
interface LinkDraft extends ContextDraft {
  attributes: Attributes;
  droppedAttributesCount: number;
}
interface EventDraft {
  time: HrTime;
  name: string;
  attributes: Attributes;
  droppedAttributesCount: number;
}
interface SpanDraft extends ContextDraft {
  parentSpanId: string;
  name: string;
  kind: number;
  startTime: HrTime;
  endTime: HrTime;
  attributes: Attributes;
  droppedAttributesCount: number;
  events: TimedEvent[];
  droppedEventsCount: number;
  links: Link[];
  droppedLinksCount: number;
  status: SpanStatus;
}

// SpanFlags (opentelemetry-proto 1.x): the flags of W3C, and whether the parent, or the linked span, is known to be remote.
const TRACE_FLAGS = 0xff;
const KNOWS_IS_REMOTE = 0x100;
const IS_REMOTE = 0x200;

// Field numbers: opentelemetry-proto 1.x, trace/v1/trace.proto.
const EVENT: MessageTable<EventDraft> = {
  1: (event, wire) => {
    event.time = wire.time();
  },
  2: (event, wire) => {
    event.name = wire.string();
  },
  3: (event, wire) => readKeyValue(event.attributes, wire),
  4: (event, wire) => {
    event.droppedAttributesCount = wire.uint();
  },
};
const LINK: MessageTable<LinkDraft> = {
  1: (link, wire) => {
    link.traceId = wire.hex();
  },
  2: (link, wire) => {
    link.spanId = wire.hex();
  },
  3: (link, wire) => {
    link.traceState = wire.string();
  },
  4: (link, wire) => readKeyValue(link.attributes, wire),
  5: (link, wire) => {
    link.droppedAttributesCount = wire.uint();
  },
  6: (link, wire) => {
    link.flags = wire.fixed32();
  },
};
const STATUS: MessageTable<SpanStatus> = {
  2: (status, wire) => {
    status.message = wire.string();
  },
  3: (status, wire) => {
    status.code = wire.uint();
  },
};
const SPAN: MessageTable<SpanDraft> = {
  1: (span, wire) => {
    span.traceId = wire.hex();
  },
  2: (span, wire) => {
    span.spanId = wire.hex();
  },
  3: (span, wire) => {
    span.traceState = wire.string();
  },
  4: (span, wire) => {
    span.parentSpanId = wire.hex();
  },
  5: (span, wire) => {
    span.name = wire.string();
  },
  6: (span, wire) => {
    span.kind = wire.uint();
  },
  7: (span, wire) => {
    span.startTime = wire.time();
  },
  8: (span, wire) => {
    span.endTime = wire.time();
  },
  9: (span, wire) => readKeyValue(span.attributes, wire),
  10: (span, wire) => {
    span.droppedAttributesCount = wire.uint();
  },
  11: (span, wire) =>
    span.events.push(wire.message(EVENT, { time: [0, 0], name: "", attributes: {}, droppedAttributesCount: 0 })),
  12: (span, wire) => {
    span.droppedEventsCount = wire.uint();
  },
  13: (span, wire) => span.links.push(toLink(wire.message(LINK, { ...beginContext(), ...beginAttributes() }))),
  14: (span, wire) => {
    span.droppedLinksCount = wire.uint();
  },
  15: (span, wire) => wire.message(STATUS, span.status),
  16: (span, wire) => {
    span.flags = wire.fixed32();
  },
};
const readRequest = defineRequestReader(SPAN, beginSpan);

/**
 * The spans of an `ExportTraceServiceRequest`, ended, in its order; those of one entry share one resource and one scope object.
 * Throws an {@link OtlpDecodeError}. What OTLP does not carry is lost: a parent is known by its id only, and passes for having the
 * flags of its child.
 */
export function decodeSpans(bytes: Uint8Array): ReadableSpan[] {
  const spans: ReadableSpan[] = [];
  for (const { resource, scopes } of readRequest(bytes))
    for (const { scope, items } of scopes) for (const item of items) spans.push(toSpan(item, resource, scope));
  return spans;
}

function beginContext(): ContextDraft {
  return { traceId: "", spanId: "", traceState: "", flags: 0 };
}

function beginAttributes(): { attributes: Attributes; droppedAttributesCount: number } {
  return { attributes: {}, droppedAttributesCount: 0 };
}

function beginSpan(): SpanDraft {
  return {
    ...beginContext(),
    parentSpanId: "",
    name: "",
    kind: 0,
    startTime: [0, 0],
    endTime: [0, 0],
    ...beginAttributes(),
    events: [],
    droppedEventsCount: 0,
    links: [],
    droppedLinksCount: 0,
    status: { code: 0 },
  };
}

function toSpan(draft: SpanDraft, resource: Resource, instrumentationScope: DecodedScope): ReadableSpan {
  const { traceId, parentSpanId, flags, kind, startTime, endTime } = draft;
  const context = toContext(draft);
  const parent = { traceId, spanId: parentSpanId, traceFlags: flags & TRACE_FLAGS, ...remoteness(flags) };
  const duration = hrTimeDuration(startTime, endTime);
  return {
    name: draft.name,
    // 0 is "unspecified", for which INTERNAL may be assumed (SpanKind of opentelemetry-proto); the API counts from there.
    kind: Math.max(kind - 1, 0),
    spanContext: () => context,
    ...(parentSpanId === "" ? {} : { parentSpanContext: parent }),
    startTime,
    endTime,
    status: draft.status,
    attributes: draft.attributes,
    links: draft.links,
    events: draft.events,
    duration: duration[0] < 0 ? [0, 0] : duration,
    ended: true,
    resource,
    instrumentationScope,
    droppedAttributesCount: draft.droppedAttributesCount,
    droppedEventsCount: draft.droppedEventsCount,
    droppedLinksCount: draft.droppedLinksCount,
  };
}

function toLink(draft: LinkDraft): Link {
  const { attributes, droppedAttributesCount } = draft;
  return { context: { ...toContext(draft), ...remoteness(draft.flags) }, attributes, droppedAttributesCount };
}

function toContext({ traceId, spanId, traceState, flags }: ContextDraft): SpanContext {
  const traceFlags = flags & TRACE_FLAGS;
  return { traceId, spanId, traceFlags, ...(traceState === "" ? {} : { traceState: new TraceState(traceState) }) };
}

function remoteness(flags: number): { isRemote?: boolean } {
  return (flags & KNOWS_IS_REMOTE) === 0 ? {} : { isRemote: (flags & IS_REMOTE) !== 0 };
}
