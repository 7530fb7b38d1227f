// Acts on signals: judges, places the order, keeps what came of it. The span `OrderService.handle_signal` in the trace of the signal.
import { decisions, defineFlow, type Flow, tradingEvents, tradingMetrics } from "@tracebook/node";
import type { Logger } from "pino";
import type { Database, StoredFill } from "./database.ts";
import type { ExchangeClient, OrderReport } from "./exchange-client.ts";
import type { Positions } from "./positions.ts";
import { assessSignal, DEFAULT_LIMITS } from "./risk.ts";
import type { QueuedSignal } from "./signal-queue.ts";

/** What has been done so far. */
export interface OrderCounts {
  accepted: number;
  rejected: number;
  readonly orders: Record<"filled" | "rejected" | "failed" | "duplicate", number>;
}

/** Handles one signal at a time. */
export interface OrderService {
  readonly counts: OrderCounts;
  /** Rejects when PostgreSQL does not answer: the signal is to come again. */
  handle(queued: Pick<QueuedSignal, "signalId" | "signal" | "parent">): Promise<void>;
}

/** What the service works with. */
export interface OrderServiceParts {
  readonly database: Pick<Database, "setOutcome" | "addOrder" | "endOrder">;
  readonly exchange: ExchangeClient;
  readonly positions: Positions;
  readonly log: Logger;
}

const STAGES = ["risk_checked", "order_recorded", "order_answered", "fills_stored"] as const;
const handleFlow = defineFlow("OrderService.handle_signal", { stages: STAGES, spanKind: "consumer" });
type HandleFlow = Flow<(typeof STAGES)[number]>;
const BOT_ID = "signal-bot";

/** Makes the service. */
export function createOrderService(parts: OrderServiceParts): OrderService {
  const counts: OrderCounts = { accepted: 0, rejected: 0, orders: { filled: 0, rejected: 0, failed: 0, duplicate: 0 } };
  return {
    counts,
    handle({ signalId, signal, parent }) {
      const { symbol, strategy, action } = signal;
      return handleFlow.run({ parent, symbol, strategy, action, signal_id: signalId }, async (flow) => {
        const verdict = assessSignal(signal, parts.positions, DEFAULT_LIMITS, Date.now());
        decisions.record(verdict, { strategy });
        flow.mark("risk_checked");
        counts[verdict.accepted ? "accepted" : "rejected"]++;
        if (verdict.accepted) return placeOrder(parts, counts, flow, { signalId, signal });
        tradingEvents.signalRejected.emit({ symbol, reason_code: verdict.reasonCode, reason: verdict.reason });
        parts.log.info({ signal_id: signalId, symbol, action, reason_code: verdict.reasonCode }, verdict.reason);
        await parts.database.setOutcome(signalId, verdict.reasonCode);
      });
    },
  };
}

async function placeOrder(
  parts: OrderServiceParts,
  counts: OrderCounts,
  flow: HandleFlow,
  { signalId, signal }: Pick<QueuedSignal, "signalId" | "signal">,
): Promise<void> {
  const { symbol, action, quantity } = signal;
  const clientOrderId = `sb-${signal.alertId}`.slice(0, 40);
  const side = action === "buy" ? "BUY" : "SELL";
  flow.setAttribute("trading.client_order_id", clientOrderId);
  // An order whose end nobody heard of is asked for again under the same id, which the exchange fills once.
  if (!(await parts.database.addOrder(signalId, clientOrderId, signal))) {
    counts.orders.duplicate++;
    return flow.stop("duplicate_order");
  }
  const order = { client_order_id: clientOrderId, symbol, side, quantity, venue: "bingx-paper" };
  // When this returns, the operating system has the record: before the order can leave.
  tradingEvents.orderRequest.emit({ ...order, order_type: "MARKET", dry_run: true });
  flow.mark("order_recorded");
  const report = await parts.exchange.place({ clientOrderId, symbol, side, quantity });
  flow.mark("order_answered");
  recordReport(order, report);
  await parts.database.endOrder(clientOrderId, report.status, report);
  await parts.database.setOutcome(signalId, report.reasonCode ?? "order_submitted");
  flow.mark("fills_stored");
  counts.orders[report.status]++;
  tellOfOrder(parts.log, flow, order, report);
  for (const fill of report.fills) parts.positions.apply({ symbol, side, ...fill });
  recordFills(report.fills.map((fill) => ({ symbol, side, ...fill })));
}

function recordReport(
  order: { readonly client_order_id: string; readonly symbol: string; readonly side: string },
  report: OrderReport,
): void {
  const filled = report.fills[0];
  tradingEvents.orderResult.emit({
    ...order,
    status: report.status,
    ...(report.exchangeOrderId === undefined ? undefined : { exchange_order_id: report.exchangeOrderId }),
    ...(filled === undefined ? undefined : { fills: report.fills }),
    ...(report.reasonCode === undefined ? undefined : { reason_code: report.reasonCode, reason: report.reason ?? "" }),
    ...(report.venueCode === undefined ? undefined : { venue_code: report.venueCode }),
  });
  const { symbol, side } = order;
  tradingMetrics.trades.add(1, { bot_id: BOT_ID, symbol, side: side.toLowerCase(), status: report.status });
}

function tellOfOrder(
  log: Logger,
  flow: HandleFlow,
  order: { readonly client_order_id: string },
  report: OrderReport,
): void {
  const { status, exchangeOrderId, httpStatus, reasonCode, reason } = report;
  if (exchangeOrderId !== undefined) flow.setAttribute("trading.exchange_order_id", exchangeOrderId);
  if (httpStatus !== undefined) flow.setAttribute("http.response.status_code", httpStatus);
  flow.setAttribute("trading.order_status", status);
  const facts = { ...order, exchange_order_id: exchangeOrderId, status, reason_code: reasonCode };
  if (status === "filled") log.info(facts, "order filled");
  else log.warn(facts, `order ${status}: ${reason}`);
  flow.stop(reasonCode ?? "order_submitted", reason);
}

/** Fills into the notional value and the realised P&L; also those of earlier runs at the start, so that both go on where they were. */
export function recordFills(fills: readonly StoredFill[]): void {
  for (const fill of fills) tradingMetrics.recordFill(fill);
  for (const symbol of new Set(fills.map((fill) => fill.symbol))) {
    const position = tradingMetrics.position(symbol);
    if (position === undefined) continue;
    tradingMetrics.botPnl.set(position.realisedPnl, { bot_id: BOT_ID, symbol });
    tradingMetrics.portfolioPositions.set(position.quantity === "0" ? 0 : 1, { symbol });
  }
}
