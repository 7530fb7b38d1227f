import fc from "fast-check";
import { expect, test } from "vitest";
import { pairsText, parsePairs } from "./label-pairs.ts";

test("labels are read as they are written, spaces around them left out", () => {
  expect(parsePairs(" service=api , region = eu,host=")).toEqual({ service: "api", region: "eu", host: "" });
  expect(parsePairs(" , ")).toBeUndefined();
  expect(parsePairs("url=http://a/?b=c")).toEqual({ url: "http://a/?b=c" });
  expect(pairsText({ service: "api", region: "eu" })).toBe("service=api, region=eu");
  expect(pairsText("nonsense")).toBe("");
});

test("a list stands between bars where there may be one, and is no list before its second value is written", () => {
  expect(parsePairs("symbol=BTC/USDT | ETH/USDT, side=buy", true)).toEqual({
    symbol: ["BTC/USDT", "ETH/USDT"],
    side: "buy",
  });
  expect(parsePairs("symbol=BTC/USDT|", true)).toEqual({ symbol: "BTC/USDT" });
  expect(parsePairs("symbol=BTC/USDT|ETH/USDT")).toEqual({ symbol: "BTC/USDT|ETH/USDT" });
  expect(pairsText({ symbol: ["BTC/USDT", "ETH/USDT"] }, true)).toBe("symbol=BTC/USDT|ETH/USDT");
});

test("whatever a value holds, what is written of it is read as it was", () => {
  const word = fc.string({ minLength: 1, maxLength: 6, unit: fc.constantFrom("a", "=", ",", "|", "\\", " ", "é") });
  const trimmed = word.filter((text) => text.trim() === text);
  const lists = fc.array(trimmed, { minLength: 2, maxLength: 3 });
  fc.assert(
    fc.property(fc.dictionary(trimmed, fc.oneof(trimmed, lists), { minKeys: 1, maxKeys: 3 }), (pairs) => {
      expect(parsePairs(pairsText(pairs, true), true)).toEqual(pairs);
    }),
  );
  fc.assert(
    fc.property(fc.dictionary(trimmed, trimmed, { minKeys: 1, maxKeys: 3 }), (pairs) => {
      expect(parsePairs(pairsText(pairs))).toEqual(pairs);
    }),
  );
});
