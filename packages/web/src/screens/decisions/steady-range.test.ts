import { expect, test } from "vitest";
import { rangeOf } from "../../url/time-range.ts";
import { steadyRange, walkSeconds } from "./steady-range.ts";

test("a moving range moves in steps and keeps its length", () => {
  const range = rangeOf(new URLSearchParams("range=1h"), 1_000_001_000);
  const steady = steadyRange(range, 60);
  expect(steady.to % 60).toBe(0);
  expect(steady.to).toBeGreaterThanOrEqual(range.to);
  expect(steady.to - steady.from).toBe(3_600);
  expect(steady.label).toBe("last 1 hour");
});

test("a fixed range stays as it is", () => {
  const range = rangeOf(new URLSearchParams("from=2026-11-20T12:00:07Z&to=2026-11-20T12:10:09Z"), 0);
  expect(steadyRange(range, 60)).toBe(range);
});

test("a longer range is walked through less often", () => {
  const seconds = (name: string) => walkSeconds(rangeOf(new URLSearchParams({ range: name }), 1_000_000_000));
  expect([seconds("15m"), seconds("1h"), seconds("24h"), seconds("30d")]).toEqual([5, 20, 300, 300]);
});
