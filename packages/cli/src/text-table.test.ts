import { expect, it } from "vitest";
import { groupDigits } from "./digit-groups.ts";
import { createPaint } from "./paint.ts";
import { renderTable } from "./text-table.ts";

it("aligns texts to the left and numbers to the right, and lets no cell act on the terminal", () => {
  const columns = [{ title: "Name" }, { title: "N", isNumber: true }];
  const rows = [
    ["a\u001b[31m", "1"],
    ["longer", "1,000"],
  ];
  expect(renderTable(columns, rows, createPaint(false))).toEqual(["Name        N", "a           1", "longer  1,000"]);
});

it.each([
  [0, "0"],
  [999, "999"],
  [12_345, "12,345"],
  ["-1234567.1234", "-1,234,567.1234"],
])("groups the digits of %s", (value, text) => {
  expect(groupDigits(value)).toBe(text);
});
