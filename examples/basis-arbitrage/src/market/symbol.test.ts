import { describe, expect, it } from "vitest";
import { feeOn, TAKER_FEE_BPS } from "./fee-schedule.ts";
import { parseFixed } from "./fixed-point.ts";
import { isSymbol, splitSymbol, toPair, toSymbol } from "./symbol.ts";

describe("symbols", () => {
  it("are split at their quote asset, the longest that fits", () => {
    expect(splitSymbol("BTCUSDT")).toEqual({ base: "BTC", quote: "USDT" });
    expect(splitSymbol("BTCFDUSD")).toEqual({ base: "BTC", quote: "FDUSD" });
    expect(splitSymbol("USDT")).toBeUndefined();
    expect(splitSymbol("ABCXYZ")).toBeUndefined();
  });

  it("go from pair to symbol and back", () => {
    expect([toPair("BTCUSDT"), toSymbol("btc/usdt"), toPair("ABCXYZ")]).toEqual(["BTC/USDT", "BTCUSDT", "ABCXYZ"]);
  });

  it("are capitals and digits only", () => {
    expect(["BTCUSDT", "1000PEPEUSDT", "btcusdt", "BTC/USDT", "B", "", 5].map(isSymbol)).toEqual([
      true,
      true,
      false,
      false,
      false,
      false,
      false,
    ]);
  });
});

describe("fees", () => {
  it("are the exact part of the amount, cut off below 1e-8", () => {
    const spotFee = parseFixed(TAKER_FEE_BPS.spot) ?? 0n;
    expect(feeOn(parseFixed("61800") ?? 0n, spotFee)).toBe(parseFixed("14.214"));
    expect(feeOn(4_347n, spotFee)).toBe(0n);
    expect(feeOn(4_348n, spotFee)).toBe(1n);
  });
});
