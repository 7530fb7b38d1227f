// What is traded, and where prices begin.

/** The instruments, as BingX calls them, with the price each walk begins at and the quantity alerts are about. */
export const INSTRUMENTS = Object.freeze({
  "BTC-USDT": { startPrice: "64200.5", lot: "0.002" },
  "ETH-USDT": { startPrice: "3105.25", lot: "0.05" },
  "SOL-USDT": { startPrice: "148.4", lot: "1.1" },
} as const);

/** The name of an instrument. */
export type Instrument = keyof typeof INSTRUMENTS;

/** All of them. */
export const INSTRUMENT_NAMES = Object.freeze(Object.keys(INSTRUMENTS)) as readonly Instrument[];

/** Whether something is the name of an instrument. */
export function isInstrument(value: unknown): value is Instrument {
  return typeof value === "string" && Object.hasOwn(INSTRUMENTS, value);
}
