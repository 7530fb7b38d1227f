// Takes signals in: checked, kept in PostgreSQL, published to the queue. The span `SignalService.ingest`, its metrics, its log.
import { defineFlow, tradingEvents, tradingMetrics } from "@tracebook/node";
import type { Logger } from "pino";
import type { Database } from "./database.ts";
import { parseSignal, type SignalSource } from "./signal.ts";
import type { SignalQueue } from "./signal-queue.ts";

/** How a sender is answered. */
export type IngestResult =
  | { readonly kind: "queued"; readonly signalId: string }
  | { readonly kind: "duplicate" }
  | { readonly kind: "malformed"; readonly problem: string };

/** Takes signals in. */
export interface SignalService {
  /** Rejects when PostgreSQL or Redis does not take it: then the sender is told to come again. */
  ingest(given: Readonly<Record<string, unknown>>, source: SignalSource): Promise<IngestResult>;
}

const ingestFlow = defineFlow("SignalService.ingest", { stages: ["validated", "stored", "published"] });

/** What the service works with. */
export interface SignalServiceParts {
  readonly database: Pick<Database, "addSignal" | "removeSignal">;
  readonly queue: Pick<SignalQueue, "publish">;
  readonly log: Logger;
}

/** Makes the service. */
export function createSignalService({ database, queue, log }: SignalServiceParts): SignalService {
  return {
    async ingest(given, source) {
      const startedMs = performance.now();
      const signal = parseSignal(given, source);
      if (typeof signal === "string") {
        log.warn({ source, problem: signal }, "a signal was refused");
        return { kind: "malformed", problem: signal };
      }
      const { symbol, strategy, action, alertId } = signal;
      return ingestFlow.run({ symbol, strategy, action, alert_id: alertId, source }, async (flow) => {
        flow.mark("validated");
        const signalId = await database.addSignal(signal);
        flow.mark("stored");
        if (signalId === undefined) {
          flow.stop("duplicate_signal");
          return { kind: "duplicate" };
        }
        tradingEvents.signalGenerated.emit({
          symbol,
          direction: action,
          entry_price: signal.price,
          strategy,
          signal_id: signalId,
        });
        await queue.publish(signalId, signal).catch(async (error: unknown) => {
          await database.removeSignal(signalId).catch(() => {});
          throw error;
        });
        flow.mark("published");
        tradingMetrics.signalsIngested.add(1);
        tradingMetrics.signalIngestDuration.record((performance.now() - startedMs) / 1e3);
        log.info({ signal_id: signalId, symbol, action, source }, "signal queued");
        flow.stop("signal_queued");
        return { kind: "queued", signalId };
      });
    },
  };
}
