import { LIVE_URLS } from "@tracebook-examples/basis-arbitrage/market";
import { describe, expect, it } from "vitest";
import { PROFILES } from "./scan/profile.ts";
import { parseScannerOptions } from "./scanner-options.ts";
import { DEFAULT_WATCHLIST } from "./watchlist.ts";

describe("the scanner's command line", () => {
  it("has a default for everything", () => {
    expect(parseScannerOptions([])).toEqual({
      market: undefined,
      symbols: DEFAULT_WATCHLIST,
      profile: PROFILES.balanced,
      everyMs: 5_000,
      candleMs: 1_000,
      scans: undefined,
      seed: 1,
    });
  });

  it("takes every flag", () => {
    const line =
      "--spot-ws ws://127.0.0.1:1/ --spot-rest http://127.0.0.1:1 --symbol ETHUSDT --symbol BTCUSDT --symbol ETHUSDT --profile strict --every-ms 250 --candle-ms 500 --scans 3 --seed 9";
    expect(parseScannerOptions(line.split(" "))).toEqual({
      market: { streamUrl: "ws://127.0.0.1:1", restUrl: "http://127.0.0.1:1" },
      symbols: ["ETHUSDT", "BTCUSDT"],
      profile: PROFILES.strict,
      everyMs: 250,
      candleMs: 500,
      scans: 3,
      seed: 9,
    });
    expect(parseScannerOptions(["--live"])).toMatchObject({ market: LIVE_URLS.spot });
    expect(parseScannerOptions(["--help"])).toBe("help");
  });

  it.each([
    [["--spot-ws", "ws://127.0.0.1:1"], "--spot-rest is missing"],
    [["--spot-rest", "http://127.0.0.1:1"], "--spot-ws is missing"],
    [["--live", "--spot-ws", "ws://127.0.0.1:1"], "--live and --spot-ws or --spot-rest exclude each other"],
    [
      ["--spot-ws", "http://x", "--spot-rest", "http://x"],
      "--spot-ws http://x: expected an address that starts with ws://",
    ],
    [["--spot-ws", "ws://x", "--spot-rest", "x"], "--spot-rest x: expected an address that starts with http://"],
    [["--symbol", "btcusdt"], "--symbol btcusdt: expected a symbol in capitals"],
    [["--symbol", "NOTHING"], "--symbol NOTHING: expected a symbol in capitals with a known quote asset"],
    [["--profile", "constructor"], "--profile constructor: expected one of balanced, strict, loose"],
    [["--every-ms", "99"], "--every-ms 99: expected a whole number from 100 to 3600000"],
    [["--candle-ms", "1.5"], "--candle-ms 1.5: expected a whole number"],
    [["--scans", "0"], "--scans 0: expected a whole number from 1"],
    [["--seed="], "--seed : expected a whole number"],
    [["--nothing"], "--nothing"],
  ])("says what is wrong with %j", (args, message) => {
    expect(() => parseScannerOptions(args)).toThrow(message);
  });

  it("refuses more symbols than one stream carries", () => {
    const many = Array.from({ length: 301 }, (_, at) => ["--symbol", `A${at}USDT`]).flat();
    expect(() => parseScannerOptions(many)).toThrow("--symbol is given 301 times: one stream carries at most 300");
  });
});
