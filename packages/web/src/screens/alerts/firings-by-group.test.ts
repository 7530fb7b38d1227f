import { expect, test } from "vitest";
import { firedGroups, shownLines } from "./firings-by-group.ts";
import { groupText } from "./group-text.ts";

const firing = (symbol: string, second: number) => ({
  labels: { symbol },
  fired_at: `2026-11-20T12:00:${String(second).padStart(2, "0")}.000000Z`,
  ...{ resolved_at: null, peak_value: 1, is_reopened: false },
});
const line = (symbol: string, ...values: (number | null)[]) => ({ labels: { symbol }, values });

test("groups come by how often they would have fired, of equals the latest first", () => {
  const groups = firedGroups([firing("a", 1), firing("b", 2), firing("c", 3), firing("b", 9)]);
  expect(groups.map(({ labels, firings }) => [labels["symbol"], firings.length])).toEqual([
    ["b", 2],
    ["c", 1],
    ["a", 1],
  ]);
  expect(firedGroups([])).toEqual([]);
});

test("labels are the same group in whatever order they come", () => {
  const one = { ...firing("a", 1), labels: { symbol: "a", venue: "x" } };
  const other = { ...firing("a", 2), labels: { venue: "x", symbol: "a" } };
  expect(firedGroups([one, other])).toHaveLength(1);
});

test("lines of groups that fired are drawn before larger ones that did not", () => {
  const lines = [line("quiet", 1), line("large", null, -90), line("fired", 2, null), line("middle", 30)];
  const shown = shownLines(lines, [firing("fired", 1)], 3);
  expect(shown.map(({ labels }) => labels.symbol)).toEqual(["fired", "large", "middle"]);
  expect(shownLines(lines, [], 4)).toBe(lines);
});

test("a group is said by its values, and one without a value by the name that it lacks", () => {
  expect(groupText({ symbol: "BTC/USDT", venue: "" })).toBe("BTC/USDT, no venue");
  expect(groupText({})).toBe("");
});
