import { expect, test } from "vitest";
import { type BusinessFigure, createDailyFigures } from "./daily-figures.ts";

const ONE = 10n ** 16n;
const DAY = "2026-11-20T00:00:00.000Z";

/** Figures of an account and a clock that the test moves. */
function figuresAt(start: string) {
  const emitted: BusinessFigure[] = [];
  const account = { realisedPnl: 5n * ONE, fees: 0n, notional: 0n };
  const clock = { ms: Date.parse(start) };
  const figures = createDailyFigures({
    portfolio: account,
    strategy: "basis",
    quoteAsset: "USDT",
    nowMs: () => clock.ms,
    emit: (figure) => emitted.push(figure),
  });
  const values = (name: string) => emitted.filter((one) => one.metric_name === name).map((one) => one.metric_value);
  return { figures, account, clock, emitted, values };
}

test("a record is what came since the one before it, and nothing where nothing came", () => {
  const { figures, account, clock, emitted, values } = figuresAt(DAY);
  account.realisedPnl += ONE / 2n;
  account.notional += 100n * ONE + 1n;
  figures.tick();
  clock.ms += 60_000;
  account.realisedPnl -= ONE;
  figures.tick();
  expect(values("realized_pnl").map(Number)).toEqual([0.5]);
  clock.ms += 15 * 60_000;
  figures.tick();
  expect(values("realized_pnl").map(Number)).toEqual([0.5, -1]);
  expect(values("traded_notional")).toEqual(["100.0000000000000001"]);
  expect(values("fees_paid")).toEqual([]);
  expect(emitted[0]).toMatchObject({
    metric_category: "trading",
    metric_unit: "USDT",
    currency: "USDT",
    period_start: DAY,
    period_end: "2026-11-21T00:00:00.000Z",
    period_type: "daily",
    calculation_method: "sum",
    tags: { strategy: "basis" },
  });
});

test("what came before midnight belongs to the day that has ended", () => {
  const { figures, account, clock, emitted } = figuresAt("2026-11-20T23:58:30.000Z");
  figures.tick();
  account.fees += ONE;
  clock.ms += 60_000;
  figures.tick();
  expect(emitted).toEqual([]);
  clock.ms += 60_000;
  figures.tick();
  account.fees += ONE;
  figures.record();
  expect(emitted.map(({ period_start: start, metric_value: value }) => [start, Number(value)])).toEqual([
    [DAY, 1],
    ["2026-11-21T00:00:00.000Z", 1],
  ]);
});
