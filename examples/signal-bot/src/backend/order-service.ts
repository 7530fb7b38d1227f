// Acts on signals: judges, places the order, keeps what came of it. The span `OrderService.handle_signal` in the trace of the signal.
import { decisions, defineFlow, tradingEvents, type Verdict } from "@tracebook/node";
import type { Logger } from "pino";
import { clientOrderIdOf } from "./client-order-id.ts";
import type { Database, SignalState } from "./database.ts";
import { isDataError } from "./database-error.ts";
import type { ExchangeClient } from "./exchange-client.ts";
import { HANDLE_STAGES, type Handling, type OrderCounts } from "./handling.ts";
import { HopelessSignal } from "./hopeless-signal.ts";
import { placeOrder, settleOrder } from "./order-placement.ts";
import type { Positions } from "./positions.ts";
import { assessSignal, DEFAULT_LIMITS } from "./risk.ts";
import type { QueuedSignal } from "./signal-queue.ts";

/** Handles one signal at a time. */
export interface OrderService {
  readonly counts: OrderCounts;
  /**
   * May be called again with the same signal, as a queue does: judged, recorded and placed once. Rejects when PostgreSQL or the
   * exchange does not answer, then the signal is to come again; with a {@link HopelessSignal} when it is not to.
   */
  handle(queued: Pick<QueuedSignal, "signalId" | "signal" | "parent">): Promise<void>;
}

/** What the service works with. */
export interface OrderServiceParts {
  readonly database: Pick<Database, "stateOf" | "setOutcome" | "addOrder" | "endOrder">;
  readonly exchange: ExchangeClient;
  readonly positions: Positions;
  readonly log: Logger;
  /** Milliseconds since 1970; default: the clock. */
  readonly nowEpochMs?: () => number;
}

const handleFlow = defineFlow("OrderService.handle_signal", { stages: HANDLE_STAGES, spanKind: "consumer" });

/** Makes the service. */
export function createOrderService(parts: OrderServiceParts): OrderService {
  const counts: OrderCounts = { accepted: 0, rejected: 0, orders: { filled: 0, rejected: 0, failed: 0, duplicate: 0 } };
  // Signals that failed on their way and will come again; one that is over is in the database alone.
  const attempts = new Map<string, Handling["attempt"]>();
  return {
    counts,
    handle({ signalId, signal, parent }) {
      const { symbol, strategy, action } = signal;
      return handleFlow.run({ parent, symbol, strategy, action, signal_id: signalId }, async (flow) => {
        const attempt = attempts.get(signalId) ?? {
          verdict: undefined,
          isRecorded: false,
          report: undefined,
          silences: 0,
        };
        attempts.set(signalId, attempt);
        const { database, exchange, positions, log, nowEpochMs = Date.now } = parts;
        try {
          await advance({ database, exchange, positions, log, nowEpochMs, counts, flow, signalId, signal, attempt });
          attempts.delete(signalId);
        } catch (error) {
          if (!isDataError(error) && !(error instanceof HopelessSignal)) throw error;
          attempts.delete(signalId);
          counts.orders.failed++;
          throw await toHopeless(database, signalId, error);
        }
      });
    },
  };
}

/** From wherever the signal stands: the database knows, also after a crash. */
async function advance(handling: Handling): Promise<void> {
  const { database, signalId, signal } = handling;
  const state = await database.stateOf(signalId, signal.alertId);
  // Redis has outlived the database that its messages are about.
  if (state === undefined) throw new HopelessSignal("the database knows no such signal");
  const { order, outcome } = state;
  if (order?.status === "requested" && outcome === undefined) return placeOrder(handling, order.clientOrderId);
  if (order !== undefined) return passEnded(handling, order, outcome);
  if (outcome !== undefined) return passRejected(handling);
  await judgeSignal(handling);
}

async function judgeSignal(handling: Handling): Promise<void> {
  const { database, positions, flow, signalId, signal, attempt } = handling;
  const verdict = assessSignal(signal, positions, DEFAULT_LIMITS, handling.nowEpochMs());
  attempt.verdict = verdict;
  flow.mark("risk_checked");
  // The database first: what it does not have will be judged again, and must not be on the record twice.
  if (!verdict.accepted) {
    await database.setOutcome(signalId, verdict.reasonCode);
    return recordReject(handling, verdict);
  }
  const clientOrderId = clientOrderIdOf(signal.alertId);
  await database.addOrder({ signalId, clientOrderId }, signal);
  await placeOrder(handling, clientOrderId);
}

function recordReject({ counts, log, signalId, signal, attempt }: Handling, verdict: Verdict): void {
  const { symbol, action, strategy } = signal;
  attempt.isRecorded = true;
  counts.rejected++;
  decisions.record(verdict, { strategy });
  tradingEvents.signalRejected.emit({ symbol, reason_code: verdict.reasonCode, reason: verdict.reason });
  log.info({ signal_id: signalId, symbol, action, reason_code: verdict.reasonCode }, verdict.reason);
}

/** The order is over: by an earlier message, or just now, when PostgreSQL kept the end and could not say so. */
async function passEnded(
  handling: Handling,
  order: NonNullable<SignalState["order"]>,
  outcome: string | undefined,
): Promise<void> {
  const { database, counts, flow, signalId, attempt } = handling;
  if (attempt.report !== undefined) return settleOrder(handling, order.clientOrderId, attempt.report);
  counts.orders.duplicate++;
  flow.stop("duplicate_order");
  if (outcome === undefined) await database.setOutcome(signalId, order.reasonCode ?? "order_submitted");
}

/** The same for a signal that was rejected. */
function passRejected(handling: Handling): void {
  const { flow, attempt } = handling;
  if (attempt.verdict !== undefined && !attempt.isRecorded) return recordReject(handling, attempt.verdict);
  flow.stop("duplicate_signal");
}

async function toHopeless(
  database: OrderServiceParts["database"],
  signalId: string,
  error: unknown,
): Promise<HopelessSignal> {
  if (error instanceof HopelessSignal) return error;
  // So that it is not queued again at every start. Where even this fails, it is, and set aside again.
  await database.setOutcome(signalId, "error").catch(() => {});
  return new HopelessSignal("the database takes nothing about it", { cause: error });
}
