// Lines that a crash cut off, wherever the cut fell, and lines that something else has damaged.
import { expect, it } from "vitest";
import { parseJsonLine } from "./journal-record.ts";

const LINE =
  '{"seq":42,"instance_id":"a-1","event_type":"signal","timestamp":"2026-11-20T12:00:00.000000Z","run_id":"r",' +
  '"data":{"note":"a \\"brace\\" } in a text","book":{"bids":[{"price":"1","size":"2"}]}}}';

it("a line that was cut anywhere is torn, whether the next writer has closed it or not", () => {
  expect(parseJsonLine(Buffer.from(LINE), true)).toHaveProperty("value");
  for (let end = 1; end < LINE.length; end++)
    for (const isTerminated of [true, false])
      expect([end, parseJsonLine(Buffer.from(LINE.slice(0, end)), isTerminated)]).toEqual([end, { reason: "torn" }]);
});

it("a whole line that something else has damaged is not called torn", () => {
  expect(parseJsonLine(Buffer.from(LINE.replace(":42", ":4,2")), true)).toEqual({ reason: "not_json" });
  expect(parseJsonLine(Buffer.from(LINE.replace('"run_id"', '"run_id')), true)).toEqual({ reason: "not_json" });
  expect(parseJsonLine(Buffer.from(`${LINE}}`), true)).toEqual({ reason: "not_json" });
  expect(parseJsonLine(Buffer.from(`x${LINE}`), true)).toEqual({ reason: "not_json" });
});
