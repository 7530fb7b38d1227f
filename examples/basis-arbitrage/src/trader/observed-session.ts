/**
 * The trading session as Tracebook sees it: one flow a WebSocket message, a mark after each step, every verdict on the record, and
 * every order in the journal before it leaves. Everything here is what a host writes to be observed; nothing of it trades.
 */
import { decisions, defineFlow, type Flow, tradingEvents, tradingMetrics } from "@tracebook/node";
import type { Logger } from "pino";
import { parseFrame } from "../market/frame.ts";
import { MARKETS, type Market } from "../market/market.ts";
import { toPair } from "../market/symbol.ts";
import type { ClockEstimator } from "./clock-estimator.ts";
import type { ExecutionStatus } from "./execution.ts";
import type { Session } from "./session.ts";
import { type Signal, toSignalReport } from "./signal.ts";

const STRATEGY = "basis";

/** The path from a message to an order. The names are those of the latency metrics. */
const tickFlow = defineFlow("tick", {
  stages: ["ws_to_book_update", "book_to_signal", "signal_to_risk", "risk_to_send"],
  spanKind: "consumer",
});

type TickFlow = Flow<(typeof tickFlow.stages)[number]>;

/** How a trade that ended in a certain way is called in the outcome of its flow. */
const OUTCOMES: Readonly<Record<ExecutionStatus, string>> = {
  filled: "order_submitted",
  partial: "order_submitted",
  evened: "order_submitted",
  missed: "order_rejected",
  unhedged: "order_failed",
  unknown: "order_failed",
};

/** What was decided, for the terminal and the summary. */
export interface DecisionCounts {
  accepted: number;
  rejected: number;
  /** Ticks by outcome, decisions among them. */
  readonly outcomes: Map<string, number>;
}

/** What the observed session is put together from. */
export interface ObservedSessionOptions {
  readonly session: Session;
  readonly symbol: string;
  readonly clocks: Readonly<Record<Market, ClockEstimator>>;
  readonly logger: Logger;
}

/** Made by `observeSession`. */
export interface ObservedSession {
  readonly decisions: DecisionCounts;
  /** One message of one market; both receive times in milliseconds. Never throws. */
  onMessage(market: Market, text: string, receivedMs: number, receivedEpochMs: number): void;
  /** Resolves when all trades that were begun are over. */
  settled(): Promise<void>;
}

/** Puts flows, marks and records around a session. */
export function observeSession({ session, symbol, clocks, logger }: ObservedSessionOptions): ObservedSession {
  const counts: DecisionCounts = { accepted: 0, rejected: 0, outcomes: new Map() };
  const pair = toPair(symbol);
  // Everything that is the same for every message is made once.
  const attributes = Object.fromEntries(
    MARKETS.map((market) => [market, Object.freeze({ symbol: pair, strategy: STRATEGY, market })]),
  ) as Record<Market, { symbol: string; strategy: string; market: Market }>;
  const updates = {
    spot: tradingMetrics.marketData(pair, "spot"),
    usdm: tradingMetrics.marketData(pair, "usdm"),
  };
  const running = new Set<Promise<unknown>>();

  const end = (flow: TickFlow, outcome: string): undefined => {
    counts.outcomes.set(outcome, (counts.outcomes.get(outcome) ?? 0) + 1);
    return flow.stop(outcome);
  };

  const onTick = (
    flow: TickFlow,
    market: Market,
    text: string,
    receivedMs: number,
    receivedEpochMs: number,
  ): undefined | Promise<undefined> => {
    const frame = parseFrame(text, market);
    if (frame.kind === "malformed") reportMalformed(frame.reason, market, pair);
    else {
      clocks[market].addSample(frame.eventTimeMs, receivedEpochMs);
      updates[market].update(frame.eventTimeMs, receivedEpochMs);
    }
    const tick = session.applyFrame(frame, receivedMs);
    flow.mark("ws_to_book_update");
    if (typeof tick === "string") {
      if (tick === "book_gap") tradingMetrics.marketDataResyncs.add(1, { symbol: pair, source: market });
      return end(flow, tick);
    }
    const signal = session.findSignal(tick);
    flow.mark("book_to_signal");
    if (typeof signal === "string") return end(flow, signal);
    const verdict = session.assess(signal);
    decisions.record(verdict);
    flow.mark("signal_to_risk");
    if (!verdict.accepted) {
      counts.rejected++;
      return end(flow, verdict.reasonCode);
    }
    counts.accepted++;
    return trade(flow, signal);
  };

  const trade = async (flow: TickFlow, signal: Signal): Promise<undefined> => {
    const execution = session.execute(signal);
    // The orders have left: their requests joined the trace, and the journal had them first.
    flow.mark("risk_to_send");
    logger.info({ ...toSignalReport(signal) }, "orders sent");
    const { status } = await execution;
    logger.info({ execution: status }, "trade over");
    flow.setAttribute("trading.execution", status);
    return end(flow, OUTCOMES[status]);
  };

  return {
    decisions: counts,
    onMessage(market, text, receivedMs, receivedEpochMs) {
      const done = tickFlow.run(attributes[market], (flow) => onTick(flow, market, text, receivedMs, receivedEpochMs));
      if (done === undefined) return;
      const tracked = done.finally(() => running.delete(tracked));
      running.add(tracked);
    },
    async settled() {
      await Promise.allSettled(running);
    },
  };
}

/** A message that is not what the exchange promises: an event and a counter, never a crash. */
function reportMalformed(reason: string, market: Market, symbol: string): void {
  tradingMetrics.marketDataInvalidFrames.add(1, { source: market });
  tradingEvents.errorOccurred.emit({
    error_type: "malformed_frame",
    error_message: `a ${market} message could not be used: ${reason}`,
    symbol,
  });
}
