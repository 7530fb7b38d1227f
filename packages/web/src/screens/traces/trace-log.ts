// Everything that was said in a trace, in the order of time: its events and logs, and the events of its spans.
import type { Span, StoredEvent } from "../../api/client.ts";
import type { SpanTree } from "../../charts/span-tree.ts";
import { timestampMicros } from "../../format/timestamp-micros.ts";
import type { Tone } from "../../ui/mark.tsx";
import { type Cards, eventWords, spanEventWords } from "./event-words.ts";

/** Something that was said. */
export interface LogEntry {
  readonly key: string;
  /** Nanoseconds since the trace began; may be below 0. */
  readonly at: number;
  /** The span it belongs to, if it says one. */
  readonly spanId: string | undefined;
  /** Whether that span is here. */
  readonly hasSpan: boolean;
  readonly kind: "event" | "log" | "span event";
  readonly title: string;
  readonly line: string;
  readonly tone: Tone;
  readonly service: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Merges them. What was said at the same time stays in the order it came in. Cost: sorts once. */
export function traceLog(tree: SpanTree, events: readonly StoredEvent[], cards: Cards = {}): readonly LogEntry[] {
  const own = events.map((event) => entryOfEvent(tree, event, cards));
  const ofSpans = tree.nodes.flatMap(({ span }) => span.events.map((event, i) => entryOfSpan(tree, span, event, i)));
  return [...own, ...ofSpans].sort((a, b) => a.at - b.at);
}

/** The entries of each span. */
export function entriesBySpan(entries: readonly LogEntry[]): ReadonlyMap<string, readonly LogEntry[]> {
  const bySpan = new Map<string, LogEntry[]>();
  for (const entry of entries) {
    if (entry.spanId === undefined) continue;
    const list = bySpan.get(entry.spanId);
    if (list === undefined) bySpan.set(entry.spanId, [entry]);
    else list.push(entry);
  }
  return bySpan;
}

function entryOfEvent(tree: SpanTree, event: StoredEvent, cards: Cards): LogEntry {
  const { event_type: type, span_id: spanId, data } = event;
  return {
    key: `e${event.id}`,
    at: sinceStart(tree, timestampMicros(event.timestamp)),
    spanId: spanId ?? undefined,
    hasSpan: spanId !== null && tree.byId.has(spanId),
    kind: type === "log" ? "log" : "event",
    ...eventWords(event, cards),
    service: event.service_name ?? "",
    data,
  };
}

function entryOfSpan(tree: SpanTree, span: Span, event: Span["events"][number], place: number): LogEntry {
  const { timeMicros, attributes } = event;
  return {
    key: `s${span.span_id}.${place}`,
    at: timeMicros > 0 ? sinceStart(tree, timeMicros) : 0,
    spanId: span.span_id,
    hasSpan: true,
    kind: "span event",
    ...spanEventWords(event),
    service: span.service_name,
    data: attributes,
  };
}

function sinceStart(tree: SpanTree, micros: number): number {
  const nanos = (micros - tree.startMicros) * 1000 - tree.startNanos;
  return Number.isFinite(nanos) ? nanos : 0;
}
