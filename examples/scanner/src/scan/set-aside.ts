// Symbols that the venue gives nothing about: left out of scans for a while, longer each time, instead of failing in every one.

/** Made by `createSetAside`. Counts in scans, not in time. */
export interface SetAside {
  /** Whether a symbol belongs into the scan of this number. */
  isDue(symbol: string, scan: number): boolean;
  /** It failed in this scan: left out of the next 1, 3, 7 and so on, at most 11: at five seconds each, a minute. */
  failed(symbol: string, scan: number): void;
  /** It is well again: the next failure counts as the first. */
  recovered(symbol: string): void;
}

const MAX_LEFT_OUT = 11;

/** Nothing is set aside yet. */
export function createSetAside(): SetAside {
  const failing = new Map<string, { leftOut: number; nextScan: number }>();
  return {
    isDue: (symbol, scan) => scan >= (failing.get(symbol)?.nextScan ?? 0),
    failed(symbol, scan) {
      const before = failing.get(symbol)?.leftOut ?? 0;
      const leftOut = Math.min(before * 2 + 1, MAX_LEFT_OUT);
      failing.set(symbol, { leftOut, nextScan: scan + leftOut + 1 });
    },
    recovered(symbol) {
      failing.delete(symbol);
    },
  };
}
