// Counts the records a service puts out: events by type, decisions by reason, orders by the state they reach.
import type { EventKind, EventRecord, RecordObserver } from "@tracebook/core/extension";
import { FLOW_METRICS } from "./catalogue/flows.ts";
import type { BoundCounter, Counter } from "./counter.ts";
import { type MetricCatalogue, metricCatalogue } from "./metric-catalogue.ts";
import type { LabelValue } from "./metric-definition.ts";
import type { MetricRegistry } from "./metric-registry.ts";

/** What is read of a decision's payload; a verdict has it. */
export interface DecisionLike {
  readonly accepted: boolean;
  /** `ACCEPT` or `REJECT`; follows from `accepted` when absent. */
  readonly decision?: string | undefined;
  readonly reasonCode: string;
}

/** Hears of every record, after the tick, and counts it. */
export interface RecordMetrics extends RecordObserver {
  /** The same as `recordEmitted`, for code that replays records. Never throws. */
  observe(record: EventRecord): void;
}

/** The state of an order whose request says nothing of one. */
const REQUESTED = "requested";
/** Orders whose last state is remembered, so that a state told twice is counted once. */
const MAX_ORDERS = 1000;
const MAX_ORDER_ID = 128;
const MAX_KINDS = 1000;

/**
 * Makes the observer that turns records into `trading_events_total`, `trading_decisions_total` and `..._order_transitions_total`.
 *
 * An order's transition is counted when `order_request`, `order_result` or `order_transition` names a state that is not the one
 * last heard of the same `client_order_id`. Cost: about 50 ns a record, no garbage for events and decisions.
 *
 * `catalogue` says under which prefix: that of `tradingMetrics`, for instance.
 */
export function createRecordMetrics(
  registry: MetricRegistry,
  catalogue: MetricCatalogue = metricCatalogue(),
): RecordMetrics {
  return new RecordCounter(registry, catalogue);
}

class RecordCounter implements RecordMetrics {
  readonly #events: Counter<"event_type">;
  readonly #decisions: Counter;
  readonly #transitions: Counter<"symbol" | "status">;
  readonly #kinds = new Map<EventKind, BoundCounter>();
  readonly #orders = new Map<string, string>();
  /** Used again for each decision: decision, reason code, strategy, symbol. */
  readonly #values: LabelValue[] = ["", "", "", ""];

  constructor(registry: MetricRegistry, catalogue: MetricCatalogue) {
    this.#events = registry.counter(FLOW_METRICS.events);
    this.#decisions = registry.counter<string>(FLOW_METRICS.decisions);
    this.#transitions = registry.counter(catalogue.orderTransitions);
  }

  recordEmitted(record: EventRecord): void {
    try {
      this.#count(record);
    } catch {
      // A payload is the host's object: a getter that throws costs its own record one count, nothing else.
    }
  }

  observe(record: EventRecord): void {
    this.recordEmitted(record);
  }

  #count(record: EventRecord): void {
    const kind = record.kind;
    const known = this.#kinds.get(kind);
    if (known !== undefined) known.add();
    else this.#bindKind(kind).add();
    switch (kind.eventType) {
      case "decision":
        return this.#countDecision(record, record.payload as DecisionLike);
      case "order_request":
        return this.#countTransition(record, REQUESTED);
      case "order_result":
      case "order_transition":
        return this.#countTransition(record, undefined);
    }
  }

  #bindKind(kind: EventKind): BoundCounter {
    const bound = this.#events.bind({ event_type: kind.eventType });
    if (this.#kinds.size < MAX_KINDS) this.#kinds.set(kind, bound);
    return bound;
  }

  #countDecision(record: EventRecord, payload: DecisionLike): void {
    const values = this.#values;
    values[0] = payload.decision ?? (payload.accepted ? "ACCEPT" : "REJECT");
    values[1] = payload.reasonCode;
    values[2] = record.strategy;
    values[3] = record.symbol;
    this.#decisions.bindValues(values).add();
  }

  #countTransition(record: EventRecord, fallback: string | undefined): void {
    const payload = record.payload as { symbol?: unknown; status?: unknown; client_order_id?: unknown };
    const status = typeof payload.status === "string" ? payload.status : fallback;
    if (status === undefined) return;
    if (isOrderId(payload.client_order_id) && !this.#isNews(payload.client_order_id, status)) return;
    const symbol = record.symbol ?? (payload.symbol as LabelValue);
    this.#transitions.add(1, { symbol, status });
  }

  /** False when the order is known to be in this state; remembers the state otherwise, and forgets the oldest order for it. */
  #isNews(orderId: string, status: string): boolean {
    const orders = this.#orders;
    if (orders.get(orderId) === status) return false;
    orders.delete(orderId);
    orders.set(orderId, status);
    if (orders.size > MAX_ORDERS) orders.delete(orders.keys().next().value as string);
    return true;
  }
}

function isOrderId(value: unknown): value is string {
  return typeof value === "string" && value.length <= MAX_ORDER_ID;
}
