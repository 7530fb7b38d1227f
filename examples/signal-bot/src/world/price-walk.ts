// The market of the paper exchange: a random walk per instrument, pulled back to where it began.
import { formatDecimal, parseDecimal } from "../shared/decimal.ts";
import { INSTRUMENTS, type Instrument } from "../shared/symbols.ts";

/** Prices that move a little each time they are asked for. */
export interface PriceWalk {
  /** The price now, as exact decimal text with at most two digits after the point. */
  price(instrument: Instrument): string;
}

/** The most a price moves at once, in ten thousandths. */
const STEP = 8;
const CENT = 1_000_000n;

/** Makes the walks of all instruments from one source of chance. */
export function createPriceWalk(random: () => number): PriceWalk {
  const levels = new Map<Instrument, bigint>();
  return {
    price(instrument) {
      const start = parseDecimal(INSTRUMENTS[instrument].startPrice) ?? 0n;
      const level = levels.get(instrument) ?? start;
      const step = BigInt(Math.round((random() * 2 - 1) * STEP * 100));
      const moved = level + (level * step) / 1_000_000n + (start - level) / 200n;
      levels.set(instrument, moved);
      return formatDecimal((moved / CENT) * CENT);
    },
  };
}
