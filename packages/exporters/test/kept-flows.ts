// Real flows of a real engine, seen as a sink sees them; and what surrounds them in tests.
import { context, propagation } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { W3CTraceContextPropagator } from "@opentelemetry/core";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { createManualClock, createRedactor } from "@tracebook/core";
import {
  createFlowEngine,
  createIdSource,
  type EndedFlow,
  type EventKind,
  type EventRecord,
  type IdSource,
  installRuntime,
  tracebookSlot,
} from "@tracebook/core/extension";

/** A resource as services have it. */
export const RESOURCE = resourceFromAttributes({ "service.name": "bot", "service.instance.id": "i-1" });

/** An id source that can be taken back to where it began: the same ids for two encoders. */
export function createRepeatableIds(): IdSource & { repeat(): void } {
  let source = createIdSource(Uint32Array.of(1, 2, 3, 4));
  return {
    fill: (words, from, count) => source.fill(words, from, count),
    repeat() {
      source = createIdSource(Uint32Array.of(1, 2, 3, 4));
    },
  };
}

/** Runs `work` with an engine that keeps every flow; each kept flow and each record is handed to a callback while it can be read. */
export function withEngine(
  startEpochMicros: number,
  callbacks: { readonly onFlow?: (flow: EndedFlow) => void; readonly onRecord?: (record: EventRecord) => void },
  work: (passMs: (ms: number) => void) => void,
) {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  const clock = createManualClock(startEpochMicros);
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  // An engine lets nothing out that sinks throw; a test must hear of it.
  const thrown: unknown[] = [];
  const attempt = (callback: () => void): void => {
    try {
      callback();
    } catch (error) {
      thrown.push(error);
    }
  };
  const engine = createFlowEngine({
    clock,
    ids: createIdSource(),
    instanceId: "i-1",
    runId: "run-1",
    sampleRatio: 1,
    slowMs: 1e9,
    recentFlows: 0,
    maxFlows: 1_000,
    afterTick: () => {},
    afterPause: () => {},
    onDrop: () => {},
    flowObservers: [],
    recordObservers: [],
    flowSinks: [{ flowKept: (flow) => attempt(() => callbacks.onFlow?.(flow)) }],
    recordSinks: [
      {
        accept: (record) => attempt(() => callbacks.onRecord?.(record)),
        flush: async () => {},
        close: async () => {},
      },
    ],
  });
  const uninstall = installRuntime(engine);
  try {
    work((ms) => clock.advanceTo(clock.epochMicros(clock.nowMs() + ms)));
    engine.drain();
  } finally {
    uninstall();
    context.disable();
    propagation.disable();
  }
  if (thrown.length > 0) throw thrown[0];
}

/** A verdict with what it was drawn from, as packages that decide make them. */
export interface TestVerdict {
  readonly accepted: boolean;
  readonly reasonCode: string;
  readonly reason: string;
  readonly netEdge: string;
}

const VERDICT_KIND: EventKind<TestVerdict> = {
  eventType: "decision",
  recordClass: "evidence",
  writeThrough: false,
  severityNumber: 9,
  stream: "events",
  toData: (verdict) => ({ ...verdict }),
  writeSpanAttributes({ netEdge, reason }, redactor, out) {
    out.text("trading.net_edge", netEdge);
    out.text("trading.reason", redactor.text(reason));
  },
  writeLogAttributes({ accepted, netEdge, reason, reasonCode }, _record, redactor, out) {
    out.flag("trading.accepted", accepted);
    out.text("trading.reason_code", reasonCode);
    out.pieces("trading.reason", [redactor.text(reason), "", "!"]);
    out.text("trading.net_edge", netEdge);
    return true;
  },
};

/** Puts a verdict on the record of the active flow. */
export function recordVerdict(verdict: TestVerdict): void {
  tracebookSlot().runtime?.emitVerdict(VERDICT_KIND as EventKind, verdict, undefined);
}

/** A redactor as services have it. */
export const REDACTOR = createRedactor();
