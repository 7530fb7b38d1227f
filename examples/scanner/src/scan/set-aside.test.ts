import { expect, it } from "vitest";
import { createSetAside } from "./set-aside.ts";

/** The scans, of so many, that a symbol is in when it fails in every one of them. */
function scansOf(count: number, setAside = createSetAside()): number[] {
  const scans: number[] = [];
  for (let scan = 1; scan <= count; scan++) {
    if (!setAside.isDue("MATICUSDT", scan)) continue;
    scans.push(scan);
    setAside.failed("MATICUSDT", scan);
  }
  return scans;
}

it("a symbol that fails is left out of 1, 3, 7 and then 11 scans at a time", () => {
  expect(scansOf(52)).toEqual([1, 3, 7, 15, 27, 39, 51]);
});

it("a symbol that is well again starts over", () => {
  const setAside = createSetAside();
  scansOf(7, setAside);
  setAside.recovered("MATICUSDT");
  expect(setAside.isDue("MATICUSDT", 8)).toBe(true);
  setAside.failed("MATICUSDT", 8);
  expect([9, 10].map((scan) => setAside.isDue("MATICUSDT", scan))).toEqual([false, true]);
});

it("other symbols are not left out", () => {
  const setAside = createSetAside();
  setAside.failed("MATICUSDT", 1);
  expect(setAside.isDue("BTCUSDT", 2)).toBe(true);
});
