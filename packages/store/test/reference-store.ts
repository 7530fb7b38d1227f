// A store of plain lists that answers by looking at everything, for comparison: what it lacks in speed it makes up in being obvious.
import { toTimestamp } from "@tracebook/core";
import type { EventInput, SpanInput } from "../src/store-input.ts";
import type {
  ConfidenceDistribution,
  DecisionCount,
  DecisionFilter,
  DecisionSlice,
  DecisionTimelineFilter,
  EventFilter,
  EventPage,
  EventSearch,
  EventSlice,
  EventTimelineFilter,
  Facets,
  ReasonCount,
  StoreSource,
  TimeRange,
  TraceFilter,
} from "../src/store-queries.ts";
import type { JudgedDecision, StoredDecision, StoredEvent, StoredGate } from "../src/stored-event.ts";

/** Times of events in the way that sorts them. */
type Timed = { readonly timestamp: string; readonly id: number };

const newestFirst = (a: Timed, b: Timed) =>
  a.timestamp === b.timestamp ? b.id - a.id : a.timestamp > b.timestamp ? -1 : 1;
const isWithin = ({ startTime, endTime }: TimeRange, timestamp: string) =>
  (startTime === undefined || timestamp >= startTime) && (endTime === undefined || timestamp <= endTime);
const isSame = (wanted: string | undefined, value: string | null) => wanted === undefined || wanted === value;
const sum = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0);
const scalar = (value: unknown): string | null =>
  value === undefined || value === null || typeof value === "object" ? null : String(value);

/** How often each value of a list comes, most first, then by value. */
function tally(values: readonly string[]): { value: string; count: number }[] {
  const distinct = [...new Set(values)].sort();
  return distinct
    .map((value) => ({ value, count: values.filter((one) => one === value).length }))
    .sort((a, b) => b.count - a.count);
}

/** Makes a store of lists. Sources of events must tell their service from the first record on. */
export class ReferenceStore {
  readonly #events: StoredEvent[] = [];
  readonly #spans: SpanInput[] = [];

  writeEvents(events: readonly EventInput[]): void {
    for (const event of events) {
      const { source, seq } = event;
      const isThere = (one: StoredEvent) => seq > 0 && one.seq === seq && one.instance_id === source.instanceId;
      if (this.#events.some(isThere)) continue;
      this.#events.push({
        id: this.#events.length + 1,
        event_type: event.eventType,
        timestamp: event.timestamp,
        run_id: event.runId ?? null,
        symbol: event.symbol ?? null,
        data: event.data,
        trace_id: event.traceId ?? null,
        span_id: event.spanId ?? null,
        severity_number: event.severityNumber,
        instance_id: source.instanceId,
        service_name: source.serviceName,
        seq: seq > 0 ? seq : null,
      });
    }
  }

  writeSpans(spans: readonly SpanInput[]): void {
    for (const span of spans) {
      const isThere = (one: SpanInput) => one.traceId === span.traceId && one.spanId === span.spanId;
      if (!this.#spans.some(isThere)) this.#spans.push(span);
    }
  }

  recentEvents(limit: number, sinceId?: number): readonly StoredEvent[] {
    if (sinceId === undefined) return this.findEvents({}, limit, 0).events;
    return this.#events.filter((event) => event.id > sinceId).slice(0, limit);
  }

  findEvents(filter: EventFilter, limit: number, offset: number): EventPage {
    const matching = this.#matching(filter);
    return { events: matching.slice(offset, offset + limit), total: matching.length };
  }

  searchEvents(filter: EventFilter, text: string, limit: number, maxScanned: number): EventSearch {
    const matching = this.#matching(filter);
    const lower = (value: string | null) => (value ?? "").replace(/[A-Z]/g, (letter) => letter.toLowerCase());
    const wanted = [text, JSON.stringify(text).slice(1, -1)].map(lower) as [string, string];
    const events: StoredEvent[] = [];
    for (const [i, event] of matching.slice(0, maxScanned).entries()) {
      const plain = [event.event_type, event.symbol, event.run_id, JSON.stringify(event.data)].map(lower);
      if (plain.some((one) => one.includes(wanted[0])) || plain[3]!.includes(wanted[1])) events.push(event);
      const isEnough = events.length === limit || i === maxScanned - 1;
      if (isEnough) return { events, searchedBackTo: i === matching.length - 1 ? null : event.timestamp };
    }
    return { events, searchedBackTo: null };
  }

  countByType(filter: EventFilter): Readonly<Record<string, number>> {
    const counts = tally(this.#matching(filter).map((event) => event.event_type));
    return Object.fromEntries(counts.map(({ value, count }) => [value, count]));
  }

  rejectionBreakdown(filter: TimeRange & { symbol?: string | undefined }, limit: number): readonly ReasonCount[] {
    const keys = this.#matching({ ...filter, eventType: "signal_rejected" }).map(({ data }) => {
      const code = scalar(data["reason_code"]) ?? "no_reason";
      const reason = scalar(data["reason"]) ?? code;
      return JSON.stringify([code, reason.length > 200 ? `${reason.slice(0, 197)}...` : reason]);
    });
    return tally(keys)
      .map(({ value, count }) => ({ value: JSON.parse(value) as [string, string], count }))
      .map(({ value: [reason_code, reason], count }) => ({ reason_code, reason, count }))
      .slice(0, limit);
  }

  decisionReasons(filter: DecisionFilter): readonly DecisionCount[] {
    const keys = this.#decisions(filter).map(({ reason_code: code, decision }) =>
      JSON.stringify([code, decision === "ACCEPT" || decision === "REJECT" ? decision : ""]),
    );
    return tally(keys).map(({ value, count }) => {
      const [reason_code, decision] = JSON.parse(value) as [string, string];
      return { decision, reason_code, count };
    });
  }

  confidenceDistribution(filter: TimeRange & { symbol?: string | undefined }): ConfidenceDistribution {
    const events = this.#matching({ ...filter, eventType: "signal_generated" });
    const scores = events
      .filter(({ data }) => data["confidence_score"] !== undefined && data["confidence_score"] !== null)
      .map(({ data }) => Number(data["confidence_score"]))
      .filter(Number.isFinite);
    const buckets = Array.from({ length: 10 }, (_, i) => {
      const isIn = (score: number) => (score >= i * 10 || i === 0) && (score < i * 10 + 10 || i === 9);
      return { from: i * 10, to: i * 10 + 10, count: scores.filter(isIn).length };
    });
    return { count: scores.length, avg: scores.length === 0 ? null : sum(scores) / scores.length, buckets };
  }

  facets(range: TimeRange, limit: number): Facets {
    const events = this.#matching({ startTime: range.startTime, endTime: range.endTime });
    const valuesOf = (values: readonly (string | null)[]) => values.filter((value) => value !== null);
    const runs = [...new Set(valuesOf(events.map((event) => event.run_id)))].sort();
    return {
      eventTypes: tally(events.map((event) => event.event_type)).slice(0, limit),
      symbols: tally(valuesOf(events.map((event) => event.symbol))).slice(0, limit),
      runs: runs
        .map((value) => ({ value, lastTimestamp: events.find((event) => event.run_id === value)!.timestamp }))
        .sort((a, b) => (a.lastTimestamp === b.lastTimestamp ? 0 : a.lastTimestamp > b.lastTimestamp ? -1 : 1))
        .slice(0, limit),
    };
  }

  findDecisions(filter: DecisionFilter, limit: number, beforeId?: number): readonly StoredDecision[] {
    const before = this.#decisions({}).find((decision) => decision.event_id === beforeId);
    const isOlder = ({ event_id: id, timestamp }: StoredDecision) =>
      beforeId === undefined ||
      (before !== undefined && newestFirst({ id: beforeId, timestamp: before.timestamp }, { id, timestamp }) < 0);
    return this.#decisions(filter).filter(isOlder).slice(0, limit);
  }

  judgedDecisions(filter: DecisionFilter, limit: number): readonly JudgedDecision[] {
    return this.findDecisions(filter, limit).map((decision) => {
      const { data } = this.#events.find((event) => event.id === decision.event_id)!;
      return { ...decision, reason: scalar(data["reason"]), ...toGates(data["gates"]) };
    });
  }

  decisionTimeline(filter: DecisionTimelineFilter, stepSeconds: number): readonly DecisionSlice[] {
    const decisions = this.#decisions({ symbol: filter.symbol, strategy: filter.strategy });
    const touched = decisions.filter(({ timestamp }) => isTouched(filter, timestamp));
    return slicesOf(touched, stepSeconds).map(([bucket, some]) => {
      const accepted = some.filter(({ decision }) => decision === "ACCEPT").length;
      return { bucket, accepted, rejected: some.length - accepted };
    });
  }

  eventTimeline(filter: EventTimelineFilter, stepSeconds: number): readonly EventSlice[] {
    const touched = this.#matching({ symbol: filter.symbol }).filter(({ timestamp }) => isTouched(filter, timestamp));
    return slicesOf(touched, stepSeconds).map(([bucket, some]) => {
      const counts = tally(some.map((event) => event.event_type));
      return { bucket, counts: Object.fromEntries(counts.map(({ value, count }) => [value, count])) };
    });
  }

  /** By service and instance. */
  sources({ startTime = "", endTime = "~" }: TimeRange): readonly StoreSource[] {
    const events = this.#events.map((event) => ({ ...event, events: 1, spans: 0 }));
    const spans = this.#spans.map(({ source, startMicros }) => ({
      service_name: source.serviceName,
      instance_id: source.instanceId,
      timestamp: toTimestamp(startMicros),
      events: 0,
      spans: 1,
    }));
    const records = [...events, ...spans];
    return [...new Set(records.map((record) => record.instance_id))].sort().flatMap((instance_id) => {
      const own = records.filter((record) => record.instance_id === instance_id);
      const times = own.map((record) => record.timestamp).sort();
      const lastTimestamp = times.at(-1)!;
      if (lastTimestamp < startTime || times[0]! > endTime) return [];
      const counts = { events: sum(own.map((one) => one.events)), spans: sum(own.map((one) => one.spans)) };
      return [{ service_name: own[0]!.service_name, instance_id, lastTimestamp, ...counts }];
    });
  }

  edgeUnits(filter: DecisionFilter): readonly string[] {
    const units = this.#decisions(filter).map((decision) => decision.edge_unit);
    return tally(units.filter((unit) => unit !== null)).map(({ value }) => value);
  }

  /** Ids of traces, newest first. */
  findTraces(filter: TraceFilter): readonly string[] {
    return this.#traces(filter)
      .sort((a, b) => b.root.startMicros - a.root.startMicros || b.place - a.place)
      .map(({ root }) => root.traceId);
  }

  /** Ids of traces, longest first, then newest first. */
  slowestTraces(filter: TraceFilter): readonly string[] {
    return this.#traces(filter)
      .sort(({ root: a, place }, { root: b, place: other }) =>
        a.durationNanos === b.durationNanos
          ? b.startMicros - a.startMicros || other - place
          : b.durationNanos - a.durationNanos,
      )
      .map(({ root }) => root.traceId);
  }

  #traces(filter: TraceFilter) {
    const isEntry = (span: SpanInput) => span.parentSpanId === undefined || span.kind === 2 || span.kind === 5;
    const listed = [...new Set(this.#spans.map((span) => span.traceId))].flatMap((traceId) => {
      const spans = this.#spans.filter((span) => span.traceId === traceId);
      const byStart = spans.filter(isEntry).sort((a, b) => a.startMicros - b.startMicros);
      const root = byStart.find((span) => span.parentSpanId === undefined) ?? byStart[0];
      return root === undefined ? [] : [{ root, spans, place: this.#spans.indexOf(root) }];
    });
    return listed.filter(({ root, spans }) => isTraceOf(filter, root, spans));
  }

  #matching(filter: EventFilter): StoredEvent[] {
    const isOf = (event: StoredEvent) =>
      isWithin(filter, event.timestamp) &&
      isSame(filter.eventType, event.event_type) &&
      isSame(filter.symbol, event.symbol) &&
      isSame(filter.runId, event.run_id) &&
      isSame(filter.userId, scalar(event.data["user_id"])) &&
      isSame(filter.eventCategory, scalar(event.data["event_category"]));
    return this.#events.filter(isOf).sort(newestFirst);
  }

  #decisions(filter: DecisionFilter): StoredDecision[] {
    const isOf = (decision: StoredDecision) =>
      isSame(filter.strategy, decision.strategy) &&
      isSame(filter.decision, decision.decision) &&
      isSame(filter.reasonCode, decision.reason_code) &&
      isSame(filter.edgeUnit, decision.edge_unit);
    const { startTime, endTime, symbol } = filter;
    return this.#matching({ startTime, endTime, symbol, eventType: "decision" }).map(toDecision).filter(isOf);
  }
}

/** Of the whole minutes that a range touches. */
function isTouched({ startTime, endTime }: TimeRange, timestamp: string): boolean {
  const minuteOf = (text: string) => text.slice(0, "2026-11-20T12:34".length);
  if (startTime !== undefined && endTime !== undefined && startTime > endTime) return false;
  const minute = minuteOf(timestamp);
  return (
    (startTime === undefined || minute >= minuteOf(startTime)) && (endTime === undefined || minute <= minuteOf(endTime))
  );
}

/** What belongs to each slice, by the second at which it begins. */
function slicesOf<T extends { readonly timestamp: string }>(items: readonly T[], stepSeconds: number) {
  const slices = new Map<number, T[]>();
  for (const item of items) {
    const second = Math.floor(Date.parse(item.timestamp) / 1000);
    const bucket = Math.floor(second / stepSeconds) * stepSeconds;
    slices.set(bucket, [...(slices.get(bucket) ?? []), item]);
  }
  return [...slices].sort(([a], [b]) => a - b);
}

function toGates(gates: unknown): Pick<JudgedDecision, "gates" | "gates_unreadable"> {
  if (gates === undefined || gates === null) return { gates: [], gates_unreadable: false };
  const list = Array.isArray(gates) ? (gates as Record<string, unknown>[]) : [undefined];
  const isGate = (gate: Record<string, unknown> | undefined) =>
    typeof gate?.["gate_name"] === "string" &&
    typeof gate["passed"] === "boolean" &&
    ["score", "threshold", "comparison", "reason_code"].every((name) => typeof (gate[name] ?? "") !== "object");
  if (!list.every(isGate)) return { gates: [], gates_unreadable: true };
  const read = list.map(
    (gate): StoredGate => ({
      gate_name: gate!["gate_name"] as string,
      passed: gate!["passed"] as boolean,
      score: scalar(gate!["score"]),
      threshold: scalar(gate!["threshold"]),
      comparison: scalar(gate!["comparison"]),
      reason_code: scalar(gate!["reason_code"]),
    }),
  );
  return { gates: read, gates_unreadable: false };
}

function isTraceOf(filter: TraceFilter, root: SpanInput, spans: readonly SpanInput[]): boolean {
  const attribute = (name: string) => scalar(root.attributes[name]);
  const start = toTimestamp(root.startMicros);
  return (
    isWithin(filter, start) &&
    isSame(filter.service, root.source.serviceName) &&
    isSame(filter.operation, root.name) &&
    isSame(filter.symbol, attribute("trading.symbol")) &&
    isSame(filter.decision, attribute("trading.decision")) &&
    isSame(filter.reasonCode, attribute("trading.reason_code")) &&
    (filter.minDurationMs === undefined || root.durationNanos >= filter.minDurationMs * 1e6) &&
    (filter.hasError === undefined || filter.hasError === spans.some((span) => span.statusCode === 2))
  );
}

function toDecision({ id, timestamp, symbol, trace_id, run_id, data }: StoredEvent): StoredDecision {
  return {
    event_id: id,
    timestamp,
    decision: scalar(data["decision"]) ?? "",
    reason_code: scalar(data["reason_code"]) ?? "no_reason",
    strategy: scalar(data["strategy"]),
    symbol,
    trace_id,
    run_id,
    edge_unit: scalar(data["edge_unit"]),
    gross_edge: scalar(data["gross_edge"]),
    fees_est: scalar(data["fees_est"]),
    slippage_est: scalar(data["slippage_est"]),
    gas_est: scalar(data["gas_est"]),
    latency_buffer: scalar(data["latency_buffer"]),
    net_edge: scalar(data["net_edge"]),
    min_threshold: scalar(data["min_threshold"]),
  };
}
