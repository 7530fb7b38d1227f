import { describe, expect, test } from "vitest";
import { createRiskCheck } from "./risk.ts";
import { fixed } from "./testing/market-frames.ts";
import { isVenueUrl, OPTION_NAMES } from "./trader-defaults.ts";
import { parseTraderOptions, TraderOptionsError } from "./trader-options.ts";

const LOCAL = [
  "--spot-ws=ws://127.0.0.1:1",
  "--spot-rest=http://127.0.0.1:1/",
  "--usdm-ws=ws://127.0.0.1:2",
  "--usdm-rest=http://127.0.0.1:2",
];

function problemsOf(args: readonly string[], env: Record<string, string> = {}): readonly string[] {
  try {
    parseTraderOptions(args, env);
  } catch (error) {
    if (error instanceof TraderOptionsError) return error.problems;
    throw error;
  }
  return [];
}

describe("the trader's options", () => {
  test("need no more than where the markets are", () => {
    const options = parseTraderOptions(LOCAL, {});
    expect(options).toMatchObject({
      isLive: false,
      symbol: "BTCUSDT",
      spot: { streamUrl: "ws://127.0.0.1:1", restUrl: "http://127.0.0.1:1", orderUrl: "http://127.0.0.1:1" },
      usdm: { streamUrl: "ws://127.0.0.1:2", restUrl: "http://127.0.0.1:2", orderUrl: "http://127.0.0.1:2" },
      apiKey: "paper-key",
      apiSecret: "paper-secret",
      seed: undefined,
      fairBasis: undefined,
      quantity: fixed("0.05"),
      takerFeeBps: { spot: "2.3", usdm: "1.7" },
      spotFee: 23_000n,
      perpFee: 17_000n,
      closeThreshold: -10_000n,
    });
    expect(() => createRiskCheck(options)).not.toThrow();
  });

  test("come from the command line before the environment, and from there before the defaults", () => {
    const env = { BASIS_QUANTITY: "0.1", BASIS_COOLDOWN_MS: "7", BASIS_CASH: "" };
    const options = parseTraderOptions(
      [...LOCAL, "--quantity", "0.2", "--close-threshold-bps=-2.5", "--seed", "42"],
      env,
    );
    expect(options).toMatchObject({
      quantity: fixed("0.2"),
      cooldownMs: 7,
      cash: "200000",
      closeThreshold: -25_000n,
      seed: 42,
    });
  });

  test("take a known fair basis instead of the average", () => {
    expect(parseTraderOptions([...LOCAL, "--fair-basis-bps=-1.5"], {}).fairBasis).toBe(-15_000n);
    expect(parseTraderOptions(LOCAL, { BASIS_FAIR_BASIS_BPS: "0" }).fairBasis).toBe(0n);
  });

  test("point at the public market data when live, and still need a paper exchange for orders", () => {
    expect(problemsOf(["--live"])).toEqual([
      "--spot-orders is missing: give the address of a paper exchange, since orders never go to the real one",
      "--usdm-orders is missing: give the address of a paper exchange, since orders never go to the real one",
    ]);
    const options = parseTraderOptions(["--spot-orders=http://localhost:1", "--usdm-orders=http://localhost:2"], {
      BASIS_LIVE: "true",
    });
    expect(options).toMatchObject({
      isLive: true,
      spot: {
        streamUrl: "wss://stream.binance.com:9443",
        restUrl: "https://api.binance.com",
        orderUrl: "http://localhost:1",
      },
      usdm: {
        streamUrl: "wss://fstream.binance.com",
        restUrl: "https://fapi.binance.com",
        orderUrl: "http://localhost:2",
      },
    });
  });

  test("never let an order go to the real venue", () => {
    for (const url of [
      "https://api.binance.com",
      "https://API.Binance.com./",
      "https://fapi.binance.com:443",
      "https://api.binance.us",
    ]) {
      expect(problemsOf([...LOCAL, `--spot-orders=${url}`])).toEqual([
        `--spot-orders ${url}: expected the address of a paper exchange: orders never go to the real one`,
      ]);
    }
    // Without an address of their own, orders would follow the snapshots there.
    expect(problemsOf([...LOCAL, "--usdm-rest=https://fapi.binance.com"])).toHaveLength(1);
    expect(isVenueUrl("http://notbinance.com")).toBe(false);
  });

  test("tell everything that is wrong at once, each with what would be right", () => {
    expect(
      problemsOf(
        [
          ...LOCAL,
          "--quantity=-1",
          "--averaging-ms=fast",
          "--max-spread-bps=1.00001",
          "--spot-ws=http://x",
          "--symbol=btcusdt",
        ],
        {
          BASIS_MIN_DEPTH_PERCENT: "1.5",
          BASIS_CASH: "1e5",
          PAPER_API_SECRET: "hunter2 and more",
        },
      ),
    ).toEqual([
      "--symbol btcusdt: expected a symbol in capitals with a known quote asset, such as BTCUSDT",
      "--spot-ws http://x: expected an address that starts with ws:// or wss://",
      "PAPER_API_SECRET: expected 1 to 128 letters, digits, - and _",
      "--quantity -1: expected a decimal above 0 with at most eight places, such as 0.05",
      "--averaging-ms fast: expected a whole number from 100 to 86400000",
      "--max-spread-bps 1.00001: expected basis points with at most four places, not below 0, such as 2.5",
      "BASIS_MIN_DEPTH_PERCENT=1.5: expected a whole number from 0 to 1000000",
      "BASIS_CASH=1e5: expected a decimal not below 0 with at most eight places, such as 2.5",
    ]);
  });

  test("refuse flags nobody knows and combinations that cannot trade", () => {
    expect(problemsOf([...LOCAL, "--max-positoin=1"])[0]).toContain("--max-positoin");
    expect(problemsOf([...LOCAL, "--quantity=1"])).toEqual([
      "--quantity must not be above --max-position: nothing could be traded",
    ]);
    expect(problemsOf([...LOCAL, "--close-threshold-bps=1"])).toEqual([
      "--close-threshold-bps must not be above --open-threshold-bps: the position would be closed as soon as it is open",
    ]);
    expect(problemsOf([], { BASIS_LIVE: "yes" })[0]).toBe("BASIS_LIVE=yes: expected true or false");
  });

  test("refuse nonsense for every single one, by name", () => {
    for (const name of OPTION_NAMES) {
      const variable = `BASIS_${name.toUpperCase().replaceAll("-", "_")}`;
      expect(
        problemsOf(
          LOCAL.filter((arg) => !arg.startsWith(`--${name}=`)),
          { [variable]: "non sense" },
        ).join(),
        name,
      ).toContain(variable);
    }
  });
});
