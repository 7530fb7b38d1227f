import fc from "fast-check";
import { expect, test } from "vitest";
import { toFunnelRows } from "./funnel-rows.ts";

const end = (reason_code: string, kind: "order" | "rejected" | "nothing" | "error", count: number) => ({
  reason_code,
  explanation: "",
  kind,
  count,
});

test("each step is the one before without its drops, and then nothing is unexplained", () => {
  const rows = toFunnelRows({
    steps: [
      {
        stage: "entered",
        count: 100,
        dropped: 70,
        ended: [end("no_signal", "nothing", 60), end("error", "error", 10)],
      },
      {
        stage: "risk",
        count: 30,
        dropped: 30,
        ended: [end("insufficient_edge", "rejected", 28), end("ok", "order", 2)],
      },
    ],
  });
  expect(rows.map(({ unexplained }) => unexplained)).toEqual([0, 0]);
  expect(rows[0]?.ended.map(({ tone }) => tone)).toEqual(["neutral", "error"]);
  expect(rows[1]?.ended.map(({ tone }) => tone)).toEqual(["reject", "accept"]);
});

test("counts that do not add up are said by how much", () => {
  const rows = toFunnelRows({
    steps: [
      { stage: "entered", count: 100, dropped: 60, ended: [end("no_signal", "nothing", 60)] },
      { stage: "risk", count: 30, dropped: 30, ended: [end("no_signal", "nothing", 30)] },
    ],
  });
  expect(rows[0]?.unexplained).toBe(10);
});

test("drops are most first, and together with what is unexplained they are all that went in", () => {
  const counts = fc.array(fc.nat({ max: 1_000 }), { maxLength: 6 });
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat({ max: 10_000 }), counts), { maxLength: 6 }), (steps) => {
      const rows = toFunnelRows({
        steps: steps.map(([count, drops], index) => ({
          stage: `s${index}`,
          count,
          dropped: 0,
          ended: drops.map((drop, i) => end(`r${i}`, "nothing", drop)),
        })),
      });
      const gone = rows.flatMap(({ ended }) => ended).reduce((sum, { count }) => sum + count, 0);
      const unexplained = rows.reduce((sum, row) => sum + row.unexplained, 0);
      expect(gone + unexplained).toBe(rows[0]?.count ?? 0);
      for (const { ended } of rows) expect(ended).toEqual(ended.toSorted((a, b) => b.count - a.count));
    }),
  );
});
