import fc from "fast-check";
import { expect, test } from "vitest";
import type { Totals } from "../../live/live-totals.ts";
import { tileSlices, totalTiles } from "./total-tiles.ts";

const ZERO: Totals = {
  scans: 0,
  generated: 0,
  rejected: 0,
  accepts: 0,
  declines: 0,
  requests: 0,
  results: 0,
  errors: 0,
};
const figures = (totals: Totals | undefined) => totalTiles(totals, []).map(({ title, figure }) => [title, figure]);

test("the four tiles of signals are there from the beginning", () => {
  expect(figures(undefined)).toEqual([
    ["Total Scans", undefined],
    ["Signals Generated", undefined],
    ["Signals Rejected", undefined],
    ["Success Rate", undefined],
  ]);
  expect(figures({ ...ZERO, scans: 1_204, generated: 40, rejected: 60 })).toEqual([
    ["Total Scans", "1,204"],
    ["Signals Generated", "40"],
    ["Signals Rejected", "60"],
    ["Success Rate", "40.0 %"],
  ]);
});

test("without signals the rate is not known, and what there is stands first", () => {
  expect(figures(ZERO).at(-1)).toEqual(["Success Rate", "–"]);
  expect(figures({ ...ZERO, accepts: 1, declines: 3, requests: 1, errors: 2 }).map(([title]) => title)).toEqual([
    "Decisions Accepted",
    "Decisions Rejected",
    "Orders",
    "Errors",
    "Total Scans",
    "Signals Generated",
    "Signals Rejected",
    "Success Rate",
  ]);
});

test("decisions say their share, and orders how many have no result yet", () => {
  const tiles = totalTiles({ ...ZERO, accepts: 1, declines: 3, requests: 5, results: 3 }, []);
  const notes = Object.fromEntries(tiles.map(({ title, note }) => [title, note]));
  expect(notes).toMatchObject({ "Decisions Accepted": "25.0 %", "Decisions Rejected": "75.0 %", Orders: "2 open" });
});

test("slices without events are there, and counts stand in the slice of their time", () => {
  const slices = tileSlices(
    { step_seconds: 60, slices: [{ time: 660, counts: { signal_generated: 3, signal_rejected: 1 } }] },
    { step_seconds: 60, slices: [{ time: 720, accepted: 2, rejected: 5 }] },
    600,
    780,
    60,
  );
  const tiles = totalTiles({ ...ZERO, accepts: 2, declines: 5 }, slices);
  const course = Object.fromEntries(tiles.map(({ title, values }) => [title, values]));
  expect(course).toMatchObject({
    "Signals Generated": [0, 3, 0],
    "Success Rate": [null, 75, null],
    "Decisions Accepted": [0, 0, 2],
    "Decisions Rejected": [0, 0, 5],
  });
  expect(tiles.find(({ title }) => title === "Signals Generated")?.rangeFigure).toBe("3");
});

test("counts of a tile's course add up to what was counted in the range", () => {
  const slice = fc.record({ i: fc.nat(59), count: fc.nat(1_000) });
  fc.assert(
    fc.property(fc.uniqueArray(slice, { selector: ({ i }) => i }), (given) => {
      const answer = given.map(({ i, count }) => ({ time: 600 + i * 60, counts: { scan_completed: count } }));
      const slices = tileSlices({ step_seconds: 60, slices: answer }, undefined, 600, 600 + 3_600, 60);
      const [scans] = totalTiles(ZERO, slices).filter(({ title }) => title === "Total Scans");
      const sum = scans?.values.reduce<number>((total, value) => total + (value ?? 0), 0);
      expect(sum).toBe(given.reduce((total, { count }) => total + count, 0));
    }),
  );
});
