// What those who extend Tracebook import of core: sinks, observers, exporters, runtimes. Hosts do not need it.
export { type AttributeSink, collectInto, type RecordAttributes } from "./attribute-sink.ts";
export { boundAttributes } from "./bound-attributes.ts";
export { type BoundOptions, boundValue } from "./bound-value.ts";
export { type ByteJsonWriter, createJsonWriter } from "./byte-json-writer.ts";
export { createSystemClock, type SystemClock, type SystemClockOptions, toEpochMicros } from "./clock.ts";
export { FLOW_KEY, LayeredContext, RUN_KEY } from "./context-keys.ts";
export type { EndedFlow, FlowKind, FlowObserver, FlowSink, FlowSpanEvent, KeepReason } from "./ended-flow.ts";
export type { FlowAttributeValue, FlowDeclaration } from "./flow.ts";
export { createFlowEngine, type FlowEngine, type FlowEngineOptions, type FlowEngineStats } from "./flow-engine.ts";
export { END_TO_END, FLOW_INSTRUMENTS } from "./flow-instruments.ts";
export { exceptionAttributes } from "./flow-span.ts";
export { createIdSource, hexToWord, type IdSource, traceIdToHex, wordsToHex } from "./ids.ts";
export type { JsonWriter } from "./json-writer.ts";
export { Fate, LiveFlow } from "./live-flow.ts";
export {
  ATTRIBUTE_PREFIX,
  type NamedValues,
  toAttributeName,
  toLogAttributes,
  toSpanAttributes,
} from "./otel-names.ts";
export { type ForeignSdkListener, onForeignSdk, PlainApi } from "./plain-api.ts";
export type { PlainSignals } from "./plain-signals.ts";
export type { EventKind, EventRecord, RecordClass, RecordSink } from "./record.ts";
export type { EmitOptions, FlowStarter, FlowVerdict, RecordObserver, Runtime, RuntimeWiring } from "./runtime.ts";
export { installRuntime } from "./runtime-control.ts";
export { type Slot, tracebookSlot } from "./slot.ts";
