import { pino } from "pino";
import { describe, expect, it } from "vitest";
import type { SymbolLook } from "../market/symbol-watch.ts";
import { lookAt, straightTo } from "../testing/candles.ts";
import { PROFILES } from "./profile.ts";
import { createScanner, type ScannerParts } from "./scanner.ts";

const rising = lookAt(straightTo(...Array.from({ length: 12 }, (_, at) => 100_000 + at)), {
  bidDepth: 10n ** 30n,
  askDepth: 10n ** 28n,
});
const healthy = { isConnected: true, error: undefined, quoteAgeMs: 1, candleCount: 12, market: rising };

/** A watch whose looks a test writes down, and what was asked of it. */
function scripted(looks: Readonly<Record<string, Partial<SymbolLook>>>, silent: readonly string[] = []) {
  const asked: string[] = [];
  const looked: (readonly string[])[] = [];
  const watch: ScannerParts["watch"] = {
    isSilent: (symbol) => silent.includes(symbol),
    ask: async (symbol) => void asked.push(symbol),
    look(symbols) {
      looked.push(symbols);
      return symbols.map((symbol) => ({ ...healthy, ...looks[symbol], symbol }));
    },
  };
  const parts = {
    profile: PROFILES.loose,
    runIdOf: (scan: number) => `scan-${scan}`,
    logger: pino({ level: "silent" }),
  };
  return { asked, looked, scanner: createScanner({ ...parts, watch, symbols: Object.keys(looks) }) };
}

describe("a scan", () => {
  it("comes to a signal, a rejection or an error for each symbol, never to two of them or none", async () => {
    const { scanner } = scripted({
      BTCUSDT: {},
      ETHUSDT: { quoteAgeMs: 60_000 },
      SOLUSDT: { candleCount: 1 },
      MATICUSDT: { market: undefined, error: new Error("Invalid symbol.") },
    });
    expect(await scanner.scan()).toEqual({ symbols: 4, generated: 1, rejected: 2, errors: 1 });
    expect(scanner.counts).toMatchObject({ scans: 1, symbolsScanned: 4, generated: 1, rejected: 2, errors: 1 });
    expect([...scanner.counts.rejections]).toEqual([["No data available", 2]]);
  });

  it("asks the venue about the symbols that nothing is heard of, and about no other", async () => {
    const { scanner, asked } = scripted({ BTCUSDT: {}, MATICUSDT: { market: undefined } }, ["MATICUSDT"]);
    expect(await scanner.scan()).toMatchObject({ rejected: 1, errors: 0 });
    expect(asked).toEqual(["MATICUSDT"]);
  });

  it("leaves a symbol out for a while that the venue has refused, unless the venue begins to send about it", async () => {
    const refused = { market: undefined, error: new Error("Invalid symbol.") };
    const silent = ["MATICUSDT"];
    const { scanner, looked } = scripted({ BTCUSDT: {}, MATICUSDT: refused }, silent);
    for (let scan = 0; scan < 4; scan++) await scanner.scan();
    expect(looked.map((symbols) => symbols.length)).toEqual([2, 1, 2, 1]);
    silent.pop();
    await scanner.scan();
    expect(looked.at(-1)).toEqual(["BTCUSDT", "MATICUSDT"]);
    expect(scanner.counts).toMatchObject({ symbolsScanned: 8, generated: 5, errors: 3 });
  });

  it("goes on with the other symbols where judging one of them fails", async () => {
    const broken = { market: { ...rising, candles: [] } };
    const { scanner } = scripted({ ETHUSDT: broken, BTCUSDT: {} });
    expect(await scanner.scan()).toEqual({ symbols: 2, generated: 1, rejected: 0, errors: 1 });
  });
});
