// The bot's telemetry by Tracebook: the public API, everything on, settings from the environment.
import { trace } from "@opentelemetry/api";
import { decisions, defineFlow, judge, startTelemetry, tradingEvents } from "@tracebook/node";
import { BOOK, type Observer } from "./observer.ts";
import { parentOf } from "./parent-context.ts";

/** Starts it. */
export async function createTracebookObserver(): Promise<Observer> {
  const telemetry = await startTelemetry();
  const tick = defineFlow("tick", { stages: ["book_to_signal"] });
  const verdict = judge({
    edge: { unit: "bps", gross: "4.10", fees: "2.00", slippage: "0.60", gas: "0", minThreshold: "1.50" },
  });
  const tracer = trace.getTracer("bot");
  return {
    instanceId: telemetry.instanceId,
    tick(traceId) {
      tick.run({ traceId, symbol: BOOK.symbol }, (flow) => {
        tradingEvents.orderbookSnapshot.emit(BOOK as never);
        flow.mark("book_to_signal");
        decisions.record(verdict);
        flow.stop(verdict.reasonCode);
      });
    },
    span: (traceId) => tracer.startSpan("burst", {}, parentOf(traceId)).end(),
    flow(traceId) {
      const flow = tick.start({ traceId });
      flow.mark("book_to_signal");
      flow.end("done");
    },
    health: () => telemetry.health(),
    flush: () => telemetry.flush(),
    shutdown: () => telemetry.shutdown(),
  };
}
