/** What the trader tells its launcher: how it stands while it runs, and how it went. */
import type { Telemetry, TelemetryHealth } from "@tracebook/node";
import { MARKETS, type Market } from "../market/market.ts";
import type { ClockEstimate } from "./clock-estimator.ts";
import type { Trader } from "./trader.ts";

/** Percentiles of one stage, in milliseconds. */
export interface StageReport {
  readonly count: number;
  readonly p50_ms: number;
  readonly p95_ms: number;
  readonly p99_ms: number;
  readonly max_ms: number;
}

/** One market as it was followed. */
export interface BookReport {
  readonly state: "ready" | "syncing";
  readonly resyncs: number;
  readonly snapshots: number;
  readonly frames: number;
}

/** The trader's figures; counts since the start. */
export interface TraderReport {
  readonly frames: number;
  readonly malformed_frames: number;
  readonly ticks: number;
  readonly decisions: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly outcomes: Readonly<Record<string, number>>;
  readonly orders: number;
  readonly fills: number;
  readonly stages: Readonly<Record<string, StageReport>>;
  readonly books: Readonly<Record<Market, BookReport>>;
  readonly clock: Readonly<Record<Market, ClockEstimate | undefined>>;
  readonly pnl: string;
  readonly fees: string;
  readonly position: string;
  readonly telemetry: TelemetryHealth;
  readonly instance_id: string;
  readonly run_id: string;
}

/** The figures as of now. Costs some tenths of a millisecond: not for the tick. */
export function reportTrader(trader: Trader, telemetry: Telemetry): TraderReport {
  const { session, observed, portfolio } = trader;
  const { accepted, rejected, outcomes } = observed.decisions;
  const account = portfolio.report();
  return {
    frames: session.counts.frames,
    malformed_frames: session.counts.malformedFrames,
    ticks: session.counts.ticks,
    decisions: accepted + rejected,
    accepted,
    rejected,
    outcomes: Object.fromEntries([...outcomes].sort(([, a], [, b]) => b - a)),
    orders: session.desk.counts.ordersSent,
    fills: session.desk.counts.fills,
    stages: stagesOf(telemetry),
    books: byMarket((market) => {
      const { state, counts } = trader.keepers[market];
      const frames = trader.feeds.find((feed) => feed.market === market)?.counts.messages ?? 0;
      return { state, resyncs: counts.resyncs, snapshots: counts.snapshotRequests, frames };
    }),
    clock: byMarket((market) => trader.clocks[market].estimate()),
    pnl: account.tradingPnl,
    fees: account.fees,
    position: account.positions.usdm.quantity,
    telemetry: telemetry.health(),
    instance_id: telemetry.instanceId,
    run_id: telemetry.runId,
  };
}

function stagesOf(telemetry: Telemetry): Record<string, StageReport> {
  const stages: Record<string, StageReport> = {};
  for (const [name, stage] of Object.entries(telemetry.stagePercentiles("tick"))) {
    const { count, p50_ms, p95_ms, p99_ms, max_ms } = stage;
    stages[name] = {
      count,
      p50_ms: toNanos(p50_ms),
      p95_ms: toNanos(p95_ms),
      p99_ms: toNanos(p99_ms),
      max_ms: toNanos(max_ms),
    };
  }
  return stages;
}

function byMarket<T>(read: (market: Market) => T): Record<Market, T> {
  return Object.fromEntries(MARKETS.map((market) => [market, read(market)])) as Record<Market, T>;
}

/** Milliseconds to the nanosecond: what lies behind is an artefact of the arithmetic. */
function toNanos(ms: number): number {
  return Math.round(ms * 1e6) / 1e6;
}
