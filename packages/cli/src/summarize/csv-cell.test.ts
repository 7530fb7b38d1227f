import { expect, it } from "vitest";
import { csvCell } from "./csv-cell.ts";

it.each([
  ["book_to_signal_ms", "book_to_signal_ms"],
  ['a"b', '"a""b"'],
  ["a,b\nc", '"a,b\nc"'],
  ["=1+1", `"'=1+1"`],
  ["@SUM(A1)", `"'@SUM(A1)"`],
  ["-x", `"'-x"`],
])("writes %j as the cell %j", (text, cell) => {
  expect(csvCell(text)).toBe(cell);
});
