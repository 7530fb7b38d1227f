import { expect, test } from "vitest";
import { rangeOf } from "./time-range.ts";

const NOW_MS = Date.UTC(2026, 10, 20, 12);

test("without a range in the address it is the last 15 minutes, and so it is with one that makes no sense", () => {
  for (const text of ["", "range=3h", "range=constructor", "from=today&to=tomorrow", "from=2026-11-20T12:00:00Z"]) {
    const { name, from, to, label } = rangeOf(new URLSearchParams(text), NOW_MS);
    expect({ name, label, seconds: to - from }, text).toEqual({ name: "15m", label: "last 15 minutes", seconds: 900 });
    expect(to).toBe(NOW_MS / 1000);
  }
});

test("from one moment to another wins over a name, and the slices of its charts are not too many", () => {
  const range = rangeOf(new URLSearchParams("range=1h&from=2026-11-19T00:00:00Z&to=2026-11-20T00:00:00Z"), NOW_MS);
  expect(range).toMatchObject({ name: undefined, startTime: "2026-11-19T00:00:00.000Z", stepSeconds: 600 });
  expect(range.label).toBe("2026-11-19 00:00 to 2026-11-20 00:00 UTC");
});
