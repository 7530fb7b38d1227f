/**
 * What the strategy earned, paid and turned over, as business metrics of the day. Each record is what came since the one before it, so that
 * `sum of a day's records = the day's figure`, exactly, however often the trader was started.
 */
import type { tradingEvents } from "@tracebook/node";
import { formatFixed, NOTIONAL_PLACES } from "../market/fixed-point.ts";
import type { Portfolio } from "./portfolio.ts";

/** A figure on its way to the record. */
export type BusinessFigure = Parameters<typeof tradingEvents.businessMetric.emit>[0];

/** Whose figures they are. */
export interface DailyFiguresOptions {
  readonly portfolio: Pick<Portfolio, "realisedPnl" | "fees" | "notional">;
  readonly strategy: string;
  /** What money is counted in: `USDT`. */
  readonly quoteAsset: string;
  /** The wall clock, in milliseconds. */
  readonly nowMs: () => number;
  /** Puts a figure on record: `tradingEvents.businessMetric.emit`. */
  readonly emit: (figure: BusinessFigure) => void;
}

/** Made by `createDailyFigures`. */
export interface DailyFigures {
  /** To be called every minute: records where it is time. A day that has ended gets what came up to this call, at most a minute too much. */
  tick(): void;
  /** Records what has come up to now; nothing where nothing has. */
  record(): void;
}

const DAY_MS = 86_400_000;
/** After the first minute, so that there is something to see, this often. */
const RECORD_EVERY_MS = 15 * 60_000;

const FIGURES = [
  ["realized_pnl", "realisedPnl"],
  ["traded_notional", "notional"],
  ["fees_paid", "fees"],
] as const;

/** Figures that count from the account as it stands. */
export function createDailyFigures({
  portfolio,
  strategy,
  quoteAsset,
  nowMs,
  emit,
}: DailyFiguresOptions): DailyFigures {
  const recorded = FIGURES.map(([, field]) => portfolio[field]);
  let day = Math.floor(nowMs() / DAY_MS);
  let lastMs = Number.NEGATIVE_INFINITY;

  const record = (): void => {
    lastMs = nowMs();
    for (const [i, [name, field]] of FIGURES.entries()) {
      const value = portfolio[field];
      const change = value - (recorded[i] ?? 0n);
      recorded[i] = value;
      if (change === 0n) continue;
      emit({
        metric_name: name,
        metric_category: "trading",
        metric_value: formatFixed(change, NOTIONAL_PLACES),
        metric_unit: quoteAsset,
        currency: quoteAsset,
        period_start: new Date(day * DAY_MS).toISOString(),
        period_end: new Date((day + 1) * DAY_MS).toISOString(),
        period_type: "daily",
        calculation_method: "sum",
        tags: { strategy },
      });
    }
  };

  return {
    tick() {
      const today = Math.floor(nowMs() / DAY_MS);
      if (today !== day || nowMs() - lastMs >= RECORD_EVERY_MS) record();
      day = today;
    },
    record,
  };
}
