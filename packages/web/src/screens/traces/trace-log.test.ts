import { expect, test } from "vitest";
import { buildSpanTree } from "../../charts/span-tree.ts";
import { TEST_START, testSpan } from "../../charts/test-span.ts";
import { testEvent } from "./test-event.ts";
import { entriesBySpan, traceLog } from "./trace-log.ts";

const attributes = { "exception.message": "no route" };
const tree = buildSpanTree([
  testSpan("root", null, 500, 9_000_000, { events: [{ name: "exception", timeMicros: TEST_START + 70, attributes }] }),
]);

test("events, logs and events of spans are in the order of time, in nanoseconds since the trace began", () => {
  const entries = traceLog(tree, [
    testEvent(2, "log", 90, { body: "late", severity_text: "WARN" }, { span_id: "root", severity_number: 13 }),
    testEvent(1, "signal_rejected", 50, { reason: "too thin" }),
  ]);
  expect(entries.map(({ at, kind, title, line, tone }) => [at, kind, title, line, tone])).toEqual([
    [49_500, "event", "Signal rejected", "too thin", "reject"],
    [69_500, "span event", "Exception", "no route", "error"],
    [89_500, "log", "Log warning", "late", "reject"],
  ]);
});

test("entries know their span, also when it is not here", () => {
  const entries = traceLog(tree, [
    testEvent(1, "log", 1, {}, { span_id: "root" }),
    testEvent(2, "log", 2, {}, { span_id: "elsewhere" }),
    testEvent(3, "log", 3),
  ]);
  expect(entries.map(({ spanId, hasSpan }) => [spanId, hasSpan])).toEqual([
    ["root", true],
    ["elsewhere", false],
    [undefined, false],
    ["root", true],
  ]);
  expect(entriesBySpan(entries).get("root")).toHaveLength(2);
});

test("a broken time is shown at the beginning, and loses nothing", () => {
  const broken = buildSpanTree([
    testSpan("root", null, 0, 1, { events: [{ name: "", timeMicros: Number.NaN, attributes: {} }] }),
  ]);
  expect(
    traceLog(broken, [testEvent(1, "x", 0, {}, { timestamp: "nonsense" })]).map(({ at, title }) => [at, title]),
  ).toEqual([
    [0, "X"],
    [0, "(no name)"],
  ]);
});
