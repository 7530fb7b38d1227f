// Every event that Tracebook knows by name: one definition each, from which types, docs and columns come.
import { defineEvent } from "./define-event.ts";
import type {
  BusinessMetric,
  ClockStep,
  ErrorOccurred,
  OrderbookSnapshot,
  OrderRequest,
  OrderResult,
  OrderTransition,
  PipelineStep,
  QualityGate,
  ScanCompleted,
  ScanStarted,
  SignalGenerated,
  SignalRejected,
  SystemMetric,
  TradingHalted,
  TradingSignal,
  UserEvent,
} from "./event-data.ts";
import type { EventKind } from "./record.ts";

const EVIDENCE = { recordClass: "evidence", stream: "events" } as const;

/** The events of a trading service. `tradingEvents.orderRequest.emit(...)` is on disk before it returns. */
export const tradingEvents = Object.freeze({
  scanStarted: /* @__PURE__ */ defineEvent<ScanStarted>("scan_started"),
  scanCompleted: /* @__PURE__ */ defineEvent<ScanCompleted>("scan_completed"),
  signalGenerated: /* @__PURE__ */ defineEvent<SignalGenerated>("signal_generated"),
  signalRejected: /* @__PURE__ */ defineEvent<SignalRejected>("signal_rejected"),
  qualityGatePassed: /* @__PURE__ */ defineEvent<QualityGate>("quality_gate_passed", { severity: "debug" }),
  qualityGateFailed: /* @__PURE__ */ defineEvent<QualityGate>("quality_gate_failed"),
  errorOccurred: /* @__PURE__ */ defineEvent<ErrorOccurred>("error_occurred", { severity: "error" }),
  eventReceived: /* @__PURE__ */ defineEvent<PipelineStep>("event_received", { severity: "debug" }),
  opportunityDetected: /* @__PURE__ */ defineEvent<PipelineStep>("opportunity_detected"),
  riskPassed: /* @__PURE__ */ defineEvent<PipelineStep>("risk_passed"),
  orderSubmitted: /* @__PURE__ */ defineEvent<PipelineStep>("order_submitted"),
  userAction: /* @__PURE__ */ defineEvent<UserEvent>("user_action"),
  apiEvent: /* @__PURE__ */ defineEvent<UserEvent>("api_event"),
  errorEvent: /* @__PURE__ */ defineEvent<UserEvent>("error_event", { severity: "error" }),
  systemMetric: /* @__PURE__ */ defineEvent<SystemMetric>("system_metric", { severity: "debug" }),
  businessMetric: /* @__PURE__ */ defineEvent<BusinessMetric>("business_metric"),
  orderTransition: /* @__PURE__ */ defineEvent<OrderTransition>("order_transition"),
  orderbookSnapshot: /* @__PURE__ */ defineEvent<OrderbookSnapshot>("orderbook_snapshot", {
    recordClass: "market",
    stream: "events",
  }),
  signal: /* @__PURE__ */ defineEvent<TradingSignal>("signal", { stream: "events" }),
  orderRequest: /* @__PURE__ */ defineEvent<OrderRequest>("order_request", { ...EVIDENCE, writeThrough: true }),
  orderResult: /* @__PURE__ */ defineEvent<OrderResult>("order_result", EVIDENCE),
  clockStep: /* @__PURE__ */ defineEvent<ClockStep>("clock_step", { severity: "warn" }),
  tradingHalted: /* @__PURE__ */ defineEvent<TradingHalted>("trading_halted", { ...EVIDENCE, severity: "warn" }),
});

/** The kind of a catalogued event by its name on the record; undefined for an event that the catalogue does not have. */
export function eventKindOf(eventType: string): EventKind | undefined {
  for (const event of Object.values(tradingEvents)) if (event.eventType === eventType) return event.kind as EventKind;
  return undefined;
}
