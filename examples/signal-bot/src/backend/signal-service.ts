// Takes signals in: checked, kept in PostgreSQL, published to the queue. The span `SignalService.ingest`, its metrics, its log.
import { defineFlow, type Flow, tradingEvents, tradingMetrics } from "@tracebook/node";
import type { Logger } from "pino";
import type { Database } from "./database.ts";
import { parseSignal, type Signal, type SignalSource } from "./signal.ts";
import type { SignalQueue } from "./signal-queue.ts";

/** How a sender is answered. */
export type IngestResult =
  | { readonly kind: "queued"; readonly signalId: string }
  | { readonly kind: "duplicate" }
  | { readonly kind: "malformed"; readonly problem: string };

/** Takes signals in. */
export interface SignalService {
  /**
   * Rejects when PostgreSQL or Redis does not take it: then the sender is told to come again. One that is known and that nothing
   * has come of yet is queued once more: it may never have got there, and a second message does nothing.
   */
  ingest(given: Readonly<Record<string, unknown>>, source: SignalSource): Promise<IngestResult>;
  /** Queues what is kept and has come to nothing yet: what Redis has lost, or never got. For the start. */
  requeue(): Promise<void>;
}

const STAGES = ["validated", "stored", "published"] as const;
const ingestFlow = defineFlow("SignalService.ingest", { stages: STAGES });

/** What the service works with. */
export interface SignalServiceParts {
  readonly database: Pick<Database, "addSignal" | "unfinishedSignals">;
  readonly queue: Pick<SignalQueue, "publish">;
  readonly log: Logger;
}

/** Makes the service. */
export function createSignalService(parts: SignalServiceParts): SignalService {
  const { database, queue, log } = parts;
  // Kept but not queued, and so not counted: counted when their sender comes again.
  const unqueued = new Set<string>();
  return {
    async ingest(given, source) {
      const signal = parseSignal(given, source);
      if (typeof signal === "string") {
        log.warn({ source, problem: signal }, "a signal was refused");
        return { kind: "malformed", problem: signal };
      }
      const { symbol, strategy, action, alertId } = signal;
      return ingestFlow.run({ symbol, strategy, action, alert_id: alertId, source }, (flow) =>
        take(parts, unqueued, flow, signal),
      );
    },
    async requeue() {
      const unfinished = await database.unfinishedSignals();
      for (const { signalId, signal } of unfinished) await queue.publish(signalId, signal);
      if (unfinished.length > 0)
        log.info({ signals: unfinished.length }, "unfinished signals of an earlier run are queued");
    },
  };
}

async function take(
  { database, queue, log }: SignalServiceParts,
  unqueued: Set<string>,
  flow: Flow<(typeof STAGES)[number]>,
  given: Signal,
): Promise<IngestResult> {
  const startedMs = performance.now();
  flow.mark("validated");
  const { signalId, signal, outcome, isNew } = await database.addSignal(given);
  flow.mark("stored");
  if (outcome !== undefined) {
    flow.stop("duplicate_signal");
    return { kind: "duplicate" };
  }
  const { symbol, action, strategy, source, price } = signal;
  if (isNew) {
    unqueued.add(signalId);
    const facts = { symbol, direction: action, entry_price: price, strategy, signal_id: signalId };
    tradingEvents.signalGenerated.emit(facts);
  }
  await queue.publish(signalId, signal);
  flow.mark("published");
  if (unqueued.delete(signalId)) {
    tradingMetrics.signalsIngested.add(1);
    tradingMetrics.signalIngestDuration.record((performance.now() - startedMs) / 1e3);
  }
  log.info({ signal_id: signalId, symbol, action, source }, isNew ? "signal queued" : "signal queued again");
  flow.stop("signal_queued");
  return { kind: "queued", signalId };
}
