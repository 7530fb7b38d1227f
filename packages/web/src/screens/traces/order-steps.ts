// The way of one order: from the signal to the last fill, step by step, across services and traces.
import type { Span, StoredEvent } from "../../api/client.ts";
import { timestampMicros } from "../../format/timestamp-micros.ts";
import type { Tone } from "../../ui/mark.tsx";
import { eventWords } from "./event-words.ts";
import { amountOf, fillsOf } from "./order-fills.ts";

/** A step. */
export interface OrderStep {
  readonly key: string;
  /** Microseconds since 1970; NaN where the record has no time. */
  readonly micros: number;
  readonly title: string;
  readonly tone: Tone;
  /** The status, the reason: what the record says in words. */
  readonly words: string;
  readonly quantity: string | undefined;
  readonly price: string | undefined;
  readonly fee: string | undefined;
  readonly service: string;
  readonly traceId: string | undefined;
  readonly spanId: string | undefined;
  /** A part of the step before: a fill of a result. */
  readonly isPart: boolean;
}

/** What an order left behind. */
export interface OrderRecords {
  readonly orderId: string;
  /** Of the trace in which the order is looked at. */
  readonly spans: readonly Span[];
  readonly events: readonly StoredEvent[];
  /** Of other traces, or of none, found by the order's id. */
  readonly found: readonly StoredEvent[];
}

/** Events before the request that belong to every order of their trace. */
const SIGNALS = new Set(["signal", "signal_generated", "opportunity_detected", "decision", "risk_passed"]);

/** The ids of all orders that a trace speaks of, in the order in which they come up. */
export function orderIds({ spans, events }: Pick<OrderRecords, "spans" | "events">): readonly string[] {
  const ids = [...events.map(({ data }) => data["client_order_id"]), ...spans.map(orderIdOfSpan)];
  return [...new Set(ids.filter((id): id is string => typeof id === "string" && id !== ""))];
}

/** The events of an order, each once, in order: that of the numbers within an instance, that of the clocks between them. */
export function orderEvents({ orderId, events, found }: OrderRecords): readonly StoredEvent[] {
  const own = new Map([...events, ...found].filter((event) => namesOrder(event, orderId)).map((one) => [one.id, one]));
  return mergeByInstance([...own.values()]);
}

/** Other orders that the events of this one name: what it replaced, what replaced it. */
export function relatedOrders(events: readonly StoredEvent[], orderId: string): readonly string[] {
  const ids = events.flatMap(({ data }) => idsIn(data));
  return [...new Set(ids)].filter((id) => id !== orderId);
}

/** All steps, in order. */
export function orderSteps(records: OrderRecords): readonly OrderStep[] {
  const { orderId, spans, events } = records;
  const own = orderEvents(records);
  const first = own[0];
  const signals = mergeByInstance(
    events.filter(
      (event) => SIGNALS.has(event.event_type) && (first === undefined || event.timestamp <= first.timestamp),
    ),
  );
  const root = spans.find((span) => span.parent_span_id === null);
  return [
    ...(root === undefined || own.length === 0 ? [] : [startOf(root)]),
    ...mergeByTime(signals.map(stepOfEvent), [
      ...mergeByTime(
        own.flatMap(stepsOfEvent),
        spans.filter((span) => orderIdOfSpan(span) === orderId).map(stepOfSpan),
      ),
    ]),
  ];
}

function startOf(root: Span): OrderStep {
  return {
    ...plainStep(root.service_name, root.trace_id, root.span_id),
    key: "start",
    micros: timestampMicros(root.start_time),
    title: "Flow begins",
    tone: "neutral",
    words: root.operation_name,
  };
}

function stepOfSpan(span: Span): OrderStep {
  return {
    ...plainStep(span.service_name, span.trace_id, span.span_id),
    key: `s${span.span_id}`,
    micros: timestampMicros(span.start_time),
    title: "Handled",
    tone: span.status_code === 2 ? "error" : "info",
    words: span.operation_name,
  };
}

/** An event, followed by its fills. */
function stepsOfEvent(event: StoredEvent): OrderStep[] {
  const step = stepOfEvent(event);
  const fills = fillsOf(event).map(
    (fill, i): OrderStep => ({
      ...step,
      key: `${step.key}.${i}`,
      title: "Fill",
      tone: "accept",
      words: fill.id === undefined ? "" : `fill ${fill.id}`,
      quantity: fill.quantity,
      price: fill.price,
      fee: fill.fee === undefined ? undefined : `${fill.fee}${fill.feeAsset === undefined ? "" : ` ${fill.feeAsset}`}`,
      isPart: true,
    }),
  );
  return [step, ...fills];
}

function stepOfEvent(event: StoredEvent): OrderStep {
  const { id, timestamp, data, trace_id: traceId, span_id: spanId } = event;
  const { title, tone } = eventWords(event, {});
  const status = [amountOf(data, "previous_status"), amountOf(data, "status")].filter((one) => one !== undefined);
  const more = ["side", "order_type", "venue", "reason_code", "reason"].map((name) => amountOf(data, name));
  return {
    ...plainStep(event.service_name ?? "", traceId ?? undefined, spanId ?? undefined),
    key: `e${id}`,
    micros: timestampMicros(timestamp),
    title,
    tone,
    words: [status.join(" → "), ...more].filter((text) => text !== undefined && text !== "").join(" · "),
    quantity: amountOf(data, "filled_quantity", "quantity"),
    price: amountOf(data, "average_price", "price"),
    fee: amountOf(data, "fee"),
  };
}

function plainStep(service: string, traceId: string | undefined, spanId: string | undefined) {
  return { service, traceId, spanId, quantity: undefined, price: undefined, fee: undefined, isPart: false };
}

function orderIdOfSpan({ tags }: Span): unknown {
  return tags["trading.client_order_id"] ?? tags["client_order_id"];
}

function namesOrder({ data }: StoredEvent, orderId: string): boolean {
  return idsIn(data).includes(orderId);
}

/** `client_order_id` and its like: `orig_client_order_id`, `replaces_client_order_id`. */
function idsIn(data: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(data).flatMap(([name, value]) =>
    name.endsWith("client_order_id") && typeof value === "string" && value !== "" ? [value] : [],
  );
}

/** Records of an instance stay in the order of their numbers, whatever its clock says; instances are merged by their clocks. */
function mergeByInstance(events: readonly StoredEvent[]): readonly StoredEvent[] {
  const byInstance = new Map<string, StoredEvent[]>();
  for (const event of events) {
    const instance = event.instance_id ?? "";
    const list = byInstance.get(instance);
    if (list === undefined) byInstance.set(instance, [event]);
    else list.push(event);
  }
  const byNumber = (a: StoredEvent, b: StoredEvent) =>
    a.seq !== null && b.seq !== null && a.seq !== b.seq ? a.seq - b.seq : a.id - b.id;
  let merged: readonly StoredEvent[] = [];
  for (const list of byInstance.values())
    merged = merge(merged, list.sort(byNumber), (one) => timestampMicros(one.timestamp));
  return merged;
}

function mergeByTime(a: readonly OrderStep[], b: readonly OrderStep[]): readonly OrderStep[] {
  return merge(a, b, ({ micros }) => micros);
}

/** Merges two lists and keeps the order of each; what has no time goes first. */
function merge<T>(a: readonly T[], b: readonly T[], timeOf: (one: T) => number): readonly T[] {
  const merged: T[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    const left = a[i] as T;
    const right = b[j] as T;
    if (timeOf(right) < timeOf(left)) {
      merged.push(right);
      j++;
    } else {
      merged.push(left);
      i++;
    }
  }
  return [...merged, ...a.slice(i), ...b.slice(j)];
}
