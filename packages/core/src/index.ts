// What a trading library or service imports of core.
export {
  type Clock,
  createManualClock,
  createSystemClock,
  type ManualClock,
  parseTimestamp,
  toTimestamp,
} from "./clock.ts";
export { defineEvent, type EventOptions, type EventType } from "./define-event.ts";
export { defineFlow, runInContext } from "./define-flow.ts";
export { CORE_ERRORS, type CoreErrorCode, TracebookError } from "./errors.ts";
export { eventKindOf, tradingEvents } from "./event-catalogue.ts";
export type { Flow, FlowAttributes, FlowDefinition, FlowOptions } from "./flow.ts";
export { generateTraceId, parseTraceId } from "./ids.ts";
export { createRedactor, type Redactor } from "./redaction.ts";
export { halt, isTelemetryRunning } from "./runtime-control.ts";
export {
  currentFlow,
  currentRunId,
  currentTraceId,
  extractContext,
  injectContext,
  withRun,
  withTraceId,
} from "./trace-context.ts";
