import { expect, test } from "vitest";
import { labelChange, labelFilter, labelQuery, noLabels } from "./label-parameters.ts";

test("each label is a parameter of its own, and nothing else is taken for one", () => {
  const parameters = new URLSearchParams("metric=m&where.symbol=BTC/USDT&where.market=a:b&where.=x&where.empty=");
  const filter = labelFilter(parameters);
  expect([...filter]).toEqual([
    ["symbol", "BTC/USDT"],
    ["market", "a:b"],
  ]);
  expect(labelQuery(filter)).toEqual(["symbol:BTC/USDT", "market:a:b"]);
});

test("what is set is read back, whatever the label is called", () => {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(labelChange("a b&=c", "x?#"))) parameters.set(name, value!);
  expect([...labelFilter(new URLSearchParams(parameters.toString()))]).toEqual([["a b&=c", "x?#"]]);
});

test("another metric begins without labels", () => {
  const parameters = new URLSearchParams("metric=m&where.symbol=BTC&where.flow=tick&range=1h");
  expect(noLabels(parameters)).toEqual({ "where.symbol": undefined, "where.flow": undefined });
});
