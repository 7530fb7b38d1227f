import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addToFilter, createFilter, FILTER_EVENTS, mayHold } from "./trace-filter.ts";

const traceId = fc.stringMatching(/^[0-9a-f]{32}$/);

describe("a filter of trace ids", () => {
  test("never denies what was added", () => {
    fc.assert(
      fc.property(fc.array(traceId, { maxLength: FILTER_EVENTS }), (ids) => {
        const filter = createFilter();
        for (const id of ids) addToFilter(filter, id);
        return ids.every((id) => mayHold(filter, id));
      }),
      { numRuns: 50 },
    );
  });

  test.each([
    ["random ids", () => [...crypto.getRandomValues(new Uint32Array(4))].map(toHex).join("")],
    ["ids that are counted up", (i: number) => `${"0".repeat(24)}${toHex(i)}`],
    ["ids counted up in front", (i: number) => `${toHex(i)}${"0".repeat(24)}`],
  ])("full of %s it says yes to fewer than one in 500 that are not in it", (_, idOf) => {
    const filter = createFilter();
    for (let i = 0; i < FILTER_EVENTS; i++) addToFilter(filter, idOf(i));
    let yes = 0;
    const asked = 50_000;
    for (let i = FILTER_EVENTS; i < FILTER_EVENTS + asked; i++) if (mayHold(filter, idOf(i))) yes++;
    expect(yes).toBeLessThan(asked / 500);
  });
});

function toHex(word: number): string {
  return (word >>> 0).toString(16).padStart(8, "0");
}
