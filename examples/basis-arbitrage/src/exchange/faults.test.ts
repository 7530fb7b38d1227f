import { describe, expect, it } from "vitest";
import { parseFrame } from "../market/frame.ts";
import { createFaults } from "./faults.ts";
import type { MarketMessage } from "./market-message.ts";
import { createSimulatedMarket } from "./simulated-market.ts";

function someMessages(count: number): MarketMessage[] {
  const market = createSimulatedMarket({ seed: 3, symbol: "BTCUSDT", messagesPerSecond: 300 });
  const messages: MarketMessage[] = [];
  while (messages.length < count) messages.push(...market.step(1_723_161_255_000));
  return messages;
}

describe("faults", () => {
  it("lose every Nth depth update and nothing else", () => {
    const faults = createFaults({ dropDepthEvery: 4, malformedEvery: 0 });
    const messages = someMessages(2_000);
    const lost = messages.filter((message) => faults.drops(message));
    const depths = messages.filter(({ frame }) => frame.kind === "depth");
    expect(lost).toEqual(depths.filter((_, index) => index % 4 === 3));
  });

  it("make up frames that are malformed in every market, by turns", () => {
    const faults = createFaults({ dropDepthEvery: 0, malformedEvery: 10 });
    const junk = someMessages(400).flatMap((message) => faults.junk(message) ?? []);
    expect(junk.length).toBeGreaterThanOrEqual(40);
    const reasons = new Set<string>();
    for (const text of junk) {
      for (const market of ["spot", "usdm"] as const) {
        const frame = parseFrame(text, market);
        expect(frame.kind).toBe("malformed");
        if (frame.kind === "malformed") reasons.add(frame.reason);
      }
    }
    expect(reasons.size).toBeGreaterThanOrEqual(5);
  });

  it("never happen when they are off", () => {
    const faults = createFaults({ dropDepthEvery: 0, malformedEvery: 0 });
    expect(someMessages(200).some((message) => faults.drops(message) || faults.junk(message) !== undefined)).toBe(
      false,
    );
  });
});
