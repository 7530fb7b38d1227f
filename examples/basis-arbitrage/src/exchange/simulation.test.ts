import { pino } from "pino";
import { afterEach, expect, it, vi } from "vitest";
import { MARKETS } from "../market/market.ts";
import { createSimulation } from "./simulation.ts";
import { createVenue } from "./venue.ts";

/** What clients of the spot market would be sent of a symbol within ten seconds, without the times. */
function told(symbol: string, extras: readonly string[]): string[] {
  let nowMs = 0;
  const clock = { wallMs: () => 1_723_161_255_000 + nowMs, monotonicMs: () => nowMs, wait: () => Promise.resolve() };
  const symbols = ["BTCUSDT", ...extras];
  const faults = { dropDepthEvery: 0, malformedEvery: 0 };
  const logger = pino({ level: "silent" });
  const texts: string[] = [];
  const venues = MARKETS.map((market) => {
    const venue = createVenue({ market, symbols, faults, replays: false, clock, logger });
    return {
      ...venue,
      deliver: (message: Parameters<typeof venue.deliver>[0]) => {
        if (market === "spot" && message.frame.symbol === symbol) texts.push(message.text);
        return venue.deliver(message);
      },
    };
  });
  vi.useFakeTimers();
  const given = extras.length > 0 ? { symbols: extras, messagesPerSecond: 50 } : undefined;
  const simulation = createSimulation(
    { seed: 3, symbols: ["BTCUSDT"], messagesPerSecond: 300, extras: given },
    venues,
    clock,
  );
  simulation.start();
  for (; nowMs < 10_000; nowMs += 10) vi.advanceTimersByTime(10);
  simulation.stop();
  return texts;
}

afterEach(() => {
  vi.useRealTimers();
});

it("further symbols leave what is told of the others as it is, letter by letter", () => {
  const alone = told("BTCUSDT", []);
  expect(alone.length).toBeGreaterThan(500);
  expect(told("BTCUSDT", ["XRPUSDT", "LINKUSDT"])).toEqual(alone);
});

it("further symbols are told of at their own rate", () => {
  const texts = told("XRPUSDT", ["XRPUSDT"]);
  expect(texts.length).toBeGreaterThan(100);
  expect(texts.length).toBeLessThan(350);
});
