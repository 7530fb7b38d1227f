/** Faults put into the feed on purpose, to see how a client takes them: lost depth updates and malformed frames. */
import type { MarketMessage } from "./market-message.ts";

/** How often things go wrong; 0 is never. */
export interface FaultOptions {
  /** Every Nth depth update of a market is not sent. */
  readonly dropDepthEvery: number;
  /** After every Nth message of a market a malformed one is sent as well. */
  readonly malformedEvery: number;
}

/** The faults of one market. Made by `createFaults`. */
export interface Faults {
  /** True when this message is to be lost. */
  drops(message: MarketMessage): boolean;
  /** A malformed text to send after this message, or `undefined`. */
  junk(message: MarketMessage): string | undefined;
}

/** Faults that come round by count, so that a run can be repeated. */
export function createFaults({ dropDepthEvery, malformedEvery }: FaultOptions): Faults {
  let depths = 0;
  let messages = 0;
  return {
    drops: ({ frame }) => frame.kind === "depth" && dropDepthEvery > 0 && ++depths % dropDepthEvery === 0,
    junk: ({ text }) => {
      if (malformedEvery === 0 || ++messages % malformedEvery !== 0) return undefined;
      const kinds = junkFrom(text);
      return kinds[(messages / malformedEvery) % kinds.length];
    },
  };
}

/** One of each way a message can be wrong: torn, no JSON, wrong shape, wrong types, impossible numbers. */
function junkFrom(text: string): readonly string[] {
  return [
    text.slice(0, Math.floor(text.length / 2)),
    "ping",
    "[]",
    `{"stream":"btcusdt@trade"}`,
    `{"stream":"btcusdt@trade","data":{"e":"trade","E":"soon","s":"BTCUSDT","t":1,"p":1,"q":true,"m":0}}`,
    `{"stream":"btcusdt@bookTicker","data":{"u":-1,"s":"BTCUSDT","b":"NaN","B":"1e9","a":"","A":null}}`,
    `{"stream":"btcusdt@depth@100ms","data":{"e":"depthUpdate","E":1,"s":"BTCUSDT","U":2,"u":1,"b":[["0","1"]],"a":[[]]}}`,
  ];
}
