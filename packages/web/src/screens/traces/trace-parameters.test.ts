import { expect, test } from "vitest";
import { isFiltered, listParameters, pastedTraceId, traceFilters } from "./trace-parameters.ts";

const read = (query: string) => traceFilters(new URLSearchParams(query));

test("filters are read from the address", () => {
  const filters = read(
    "service=bot&operation=tick&decision=REJECT&reason_code=no_signal&min_duration_ms=2.5&has_error=true&text=order-7",
  );
  expect(filters).toEqual({
    service: "bot",
    operation: "tick",
    decision: "REJECT",
    reason: "no_signal",
    min: "2.5",
    isErrorsOnly: true,
    isSlowest: false,
    before: undefined,
    text: "order-7",
  });
  expect(isFiltered(filters)).toBe(true);
  expect(isFiltered(read("sort=slowest&symbol=BTC/USDT"))).toBe(false);
});

test("what the server would refuse is not asked for", () => {
  expect(read("decision=MAYBE").decision).toBeUndefined();
  for (const min of ["-1", "abc", "1e3", "0", "1234567890", "1.2345678", " 5"])
    expect(read(`min_duration_ms=${encodeURIComponent(min)}`).min).toBeUndefined();
  expect(read("before=yesterday").before).toBeUndefined();
  expect(read(`service=${"x".repeat(5_000)}`).service).toHaveLength(1024);
  expect(read(`text=${"x".repeat(5_000)}`).text).toHaveLength(200);
});

test("the slowest have no pages", () => {
  expect(read("sort=slowest&before=2026-11-20T12:00:00.000000Z").before).toBeUndefined();
  expect(read("before=2026-11-20T12:00:00.000000Z").before).toBe("2026-11-20T12:00:00.000000Z");
});

test("a trace's address keeps the list's parameters and no others", () => {
  const kept = listParameters(new URLSearchParams("service=bot&span=abc&range=1h&sort=slowest"));
  expect(Object.entries(kept).filter(([, value]) => value !== undefined)).toEqual([
    ["service", "bot"],
    ["sort", "slowest"],
  ]);
});

test("a pasted trace id is found alone, in a traceparent and in an address", () => {
  const id = "4bf92f3577b34da6a3ce929d0e0e4736";
  for (const text of [id, ` ${id.toUpperCase()}\n`, `00-${id}-00f067aa0ba902b7-01`, `http://desk/traces/${id}?span=1`])
    expect(pastedTraceId(text)).toBe(id);
});

test("what is no trace id is none: too short, too long, or only zeros", () => {
  for (const text of ["", "order-17", "4bf92f3577b34da6", "a".repeat(33), "a".repeat(64), "0".repeat(32)])
    expect(pastedTraceId(text)).toBeUndefined();
});
