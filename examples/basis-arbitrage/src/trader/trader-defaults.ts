/** The trader's options by name, and what holds when nothing is said. Every one is `--name` and `BASIS_NAME`. */
import { TAKER_FEE_BPS } from "../market/fee-schedule.ts";

/**
 * What holds by default. The figures suit both the simulated market and the recordings of August 2024: fees of 4 bp for both legs
 * against a basis that usually stays within 1 bp (recorded) or 5 bp (simulated) of its average, so that most signals are refused.
 */
export const DEFAULT_VALUES: Readonly<Partial<Record<OptionName, string>>> = {
  symbol: "BTCUSDT",
  quantity: "0.05",
  "fair-basis-bps": "auto",
  "averaging-ms": "60000",
  "signal-threshold-bps": "1.5",
  "open-threshold-bps": "0.25",
  "close-threshold-bps": "-1",
  "spot-fee-bps": TAKER_FEE_BPS.spot,
  "usdm-fee-bps": TAKER_FEE_BPS.usdm,
  "latency-buffer-bps": "0.2",
  "limit-tolerance-bps": "0.5",
  "max-spread-bps": "3",
  "min-depth-percent": "50",
  "max-position": "0.5",
  "max-notional": "50000",
  "cooldown-ms": "500",
  "max-data-age-ms": "2000",
  cash: "200000",
  inventory: "2",
  "order-timeout-ms": "3000",
};

/** Every option that takes a value. */
export const OPTION_NAMES = [
  "symbol",
  "spot-ws",
  "spot-rest",
  "spot-orders",
  "usdm-ws",
  "usdm-rest",
  "usdm-orders",
  "seed",
  "quantity",
  "fair-basis-bps",
  "averaging-ms",
  "signal-threshold-bps",
  "open-threshold-bps",
  "close-threshold-bps",
  "spot-fee-bps",
  "usdm-fee-bps",
  "latency-buffer-bps",
  "limit-tolerance-bps",
  "max-spread-bps",
  "min-depth-percent",
  "max-position",
  "max-notional",
  "cooldown-ms",
  "max-data-age-ms",
  "cash",
  "inventory",
  "order-timeout-ms",
] as const;

/** One of them. */
export type OptionName = (typeof OPTION_NAMES)[number];

/** The public market data of the real venue. Source: developers.binance.com. */
export const LIVE_URLS = {
  spot: { streamUrl: "wss://stream.binance.com:9443", restUrl: "https://api.binance.com" },
  usdm: { streamUrl: "wss://fstream.binance.com", restUrl: "https://fapi.binance.com" },
} as const;

/** True for an address of the real venue, its test networks excepted: no order of this trader may go there. */
export function isVenueUrl(url: string): boolean {
  if (!URL.canParse(url)) return false;
  return /(^|\.)binance\.(com|us|je)\.?$/i.test(new URL(url).hostname);
}
