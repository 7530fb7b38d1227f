import { describe, expect, it } from "vitest";
import { PAPER_CREDENTIALS, parseExchangeOptions } from "./exchange-options.ts";

describe("the exchange's command line", () => {
  it("has a default for everything", () => {
    expect(parseExchangeOptions([], {})).toMatchObject({
      spotPort: 0,
      usdmPort: 0,
      seed: 1,
      rate: 300,
      symbols: ["BTCUSDT"],
      recordings: [],
      speed: 1,
      faults: { dropDepthEvery: 0, malformedEvery: 0 },
      orders: { credentials: PAPER_CREDENTIALS, log: undefined, latencyMs: 3, rejectRatio: 0.005, unlimited: false },
    });
  });

  it("takes every flag", () => {
    const line =
      "--seed 9 --rate 400 --symbol ETHUSDT --symbol BTCUSDT --recording a.gz --recording b.gz --speed 2.5 --spot-port 9000 --usdm-port 9001 --drop-depth 50 --malformed 70 --orders-log o.jsonl --latency-ms 0.5 --reject-ratio 0 --balance USDT=5.5";
    const env = { PAPER_API_KEY: "key", PAPER_API_SECRET: "secret" };
    expect(parseExchangeOptions(line.split(" "), env)).toEqual({
      spotPort: 9_000,
      usdmPort: 9_001,
      seed: 9,
      rate: 400,
      symbols: ["ETHUSDT", "BTCUSDT"],
      recordings: ["a.gz", "b.gz"],
      speed: 2.5,
      faults: { dropDepthEvery: 50, malformedEvery: 70 },
      orders: {
        credentials: { apiKey: "key", apiSecret: "secret" },
        log: "o.jsonl",
        latencyMs: 0.5,
        rejectRatio: 0,
        balances: { USDT: 550_000_000n },
        unlimited: true,
      },
    });
  });

  it("simulates further symbols at a rate of their own, each once, and leaves the others as they are", () => {
    const flags = "--extra-symbol SOLUSDT --extra-symbol BTCUSDT --extra-symbol SOLUSDT --extra-rate 80".split(" ");
    expect(parseExchangeOptions(flags, {})).toMatchObject({
      symbols: ["BTCUSDT"],
      rate: 300,
      extras: { symbols: ["SOLUSDT"], messagesPerSecond: 80 },
    });
    expect(parseExchangeOptions(["--extra-symbol=BTCUSDT"], {}).extras).toBeUndefined();
  });

  it("keeps Binance's limits for a replay as fast as time, and drops them for a faster one", () => {
    const unlimited = (...args: string[]) => parseExchangeOptions(args, {}).orders.unlimited;
    expect(unlimited("--recording", "a", "--speed", "1")).toBe(false);
    expect(unlimited("--recording", "a", "--speed", "max")).toBe(true);
    expect(unlimited("--unlimited")).toBe(true);
  });

  it.each([
    [["--rate", "10"], "--rate 10: expected a whole number from 50 to 50000"],
    [["--seed", "1.5"], "--seed 1.5: expected a whole number from 0"],
    [["--seed="], "--seed : expected"],
    [["--speed", "fast"], "--speed fast: expected a number from 0.01"],
    [["--speed", "0"], "--speed 0: expected"],
    [["--speed", "NaN"], "--speed NaN: expected"],
    [["--symbol", "DOGE"], "--symbol DOGE: expected one of BTCUSDT"],
    [["--extra-symbol", "DOGE"], "--extra-symbol DOGE: expected one of BTCUSDT"],
    [["--extra-rate", "10"], "--extra-rate 10: expected a whole number from 50"],
    [["--reject-ratio", "2"], "--reject-ratio 2: expected a number from 0 to 1"],
    [["--balance", "BTC"], "--balance BTC: expected ASSET=AMOUNT"],
    [["--spot-port", "70000"], "--spot-port 70000: expected a whole number from 0 to 65535"],
    [["--nothing"], "--nothing"],
  ])("says what is wrong with %j", (args, message) => {
    expect(() => parseExchangeOptions(args, {})).toThrow(message);
  });
});
