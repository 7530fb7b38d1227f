// What TradingView does: posts alerts to a webhook, a secret in the body since it cannot sign, and does not ask twice.
import { randomUUID } from "node:crypto";
import { formatDecimal, parseDecimal } from "../shared/decimal.ts";
import { pick } from "../shared/random.ts";
import { INSTRUMENT_NAMES, INSTRUMENTS, type Instrument } from "../shared/symbols.ts";
import type { PriceWalk } from "./price-walk.ts";

/** What became of the alerts: taken (202), refused (another status), unheard (no answer). */
export interface AlertCounts {
  sent: number;
  taken: number;
  refused: number;
  unheard: number;
}

/** Sends alerts until it is told to stop. */
export interface AlertSource {
  readonly counts: AlertCounts;
  /** No new ones; resolves when the last is answered. */
  stop(): Promise<void>;
}

/** Options of {@link startAlerts}. */
export interface AlertOptions {
  readonly url: string;
  readonly secret: string;
  readonly ratePerSecond: number;
  readonly prices: PriceWalk;
  readonly random: () => number;
}

const NAMES = INSTRUMENT_NAMES as readonly [Instrument, ...Instrument[]];
const TIMEOUT_MS = 5_000;

/** Begins to send alerts at random moments, `ratePerSecond` of them on average. */
export function startAlerts(options: AlertOptions): AlertSource {
  const counts: AlertCounts = { sent: 0, taken: 0, refused: 0, unheard: 0 };
  const open = new Set<Promise<void>>();
  let timer: NodeJS.Timeout | undefined;
  const next = (): void => {
    // Exponential gaps: alerts come in bursts, as they do when a market moves.
    const gapMs = (-Math.log(1 - options.random()) / options.ratePerSecond) * 1e3;
    timer = setTimeout(() => {
      const sent = send(options, counts).finally(() => open.delete(sent));
      open.add(sent);
      next();
    }, gapMs);
  };
  if (options.ratePerSecond > 0) next();
  return {
    counts,
    async stop() {
      clearTimeout(timer);
      await Promise.allSettled(open);
    },
  };
}

async function send(options: AlertOptions, counts: AlertCounts): Promise<void> {
  counts.sent++;
  try {
    const answer = await fetch(options.url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(createAlert(options)),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await answer.text();
    counts[answer.status === 202 ? "taken" : "refused"]++;
  } catch {
    counts.unheard++;
  }
}

/** Most alerts are good; some are late, some too large for any risk limit, some are from a stranger who guesses the secret. */
function createAlert({ prices, random, secret }: Pick<AlertOptions, "prices" | "random" | "secret">) {
  const symbol = pick(NAMES, random);
  const chance = random();
  const lots = BigInt(1 + Math.floor(random() * 3)) * (chance < 0.05 ? 40n : 1n);
  const price = parseDecimal(prices.price(symbol)) ?? 0n;
  const late = (price * 103n) / 100n;
  return {
    secret: chance > 0.97 ? "let-me-in" : secret,
    alert_id: randomUUID(),
    strategy: pick(["breakout", "mean_reversion"], random),
    symbol,
    action: random() < 0.5 ? "buy" : "sell",
    quantity: formatDecimal(lots * (parseDecimal(INSTRUMENTS[symbol].lot) ?? 0n)),
    price: formatDecimal(chance > 0.9 && chance <= 0.97 ? late : price),
    time: new Date().toISOString(),
  };
}
