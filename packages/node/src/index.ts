// One install, one import: what a trading service on Node.js needs of Tracebook.
export {
  createManualClock,
  currentFlow,
  currentRunId,
  currentTraceId,
  defineEvent,
  defineFlow,
  type EventType,
  extractContext,
  type Flow,
  type FlowAttributes,
  type FlowDefinition,
  generateTraceId,
  halt,
  injectContext,
  tradingEvents,
  withRun,
  withTraceId,
} from "@tracebook/core";
export {
  calculateNetEdge,
  decisions,
  defineReasonCodes,
  edgeBreakdown,
  type JudgeInput,
  judge,
  type Verdict,
} from "@tracebook/decisions";
export { defineMetric, tradingMetrics } from "@tracebook/metrics";
export { CONFIG_ERRORS, type ConfigErrorCode, TracebookConfigError } from "./config-error.ts";
export type { TelemetryOptions } from "./config-options.ts";
export type { TelemetryExtensions } from "./host-processors.ts";
export { observeRedis } from "./observe-redis.ts";
export { type RequestEventsOptions, requestEvents } from "./request-events.ts";
export { type ExpressMiddlewareLike, expressRequestEvents } from "./request-express.ts";
export { type FastifyPluginLike, fastifyRequestEvents } from "./request-fastify.ts";
export type { RequestOptions } from "./request-observation.ts";
export { startTelemetry } from "./start-telemetry.ts";
export type {
  DestinationHealth,
  DestinationSignalHealth,
  ExportHealth,
  Telemetry,
  TelemetryHealth,
} from "./telemetry.ts";
export type { TelemetryDestination } from "./telemetry-destination.ts";
