import { expect, test } from "vitest";
import { UNREADABLE } from "./live-event.ts";
import { readBatch, readState } from "./live-message.ts";
import { testEvent } from "./test-event.ts";

const batchOf = (value: unknown) => readBatch(JSON.stringify(value));

test("events come as they are, with how many were left out", () => {
  expect(batchOf({ events: [testEvent(1), testEvent(2)], skipped: 3 })).toEqual({
    events: [testEvent(1), testEvent(2)],
    skipped: 3,
  });
});

test("what is no event is an event that shows it as text, and the others come all the same", () => {
  const { events } = batchOf({ events: [null, "text", [1], { id: "7" }, testEvent(5)], skipped: "many" });
  expect(events.map(({ event_type }) => event_type)).toEqual([
    UNREADABLE,
    UNREADABLE,
    UNREADABLE,
    UNREADABLE,
    "decision",
  ]);
  expect(events[3]?.data).toEqual({ unreadable: '{"id":"7"}' });
  expect(events[4]).toEqual(testEvent(5));
});

test("fields of another kind than they should be do not reach the page", () => {
  const { events } = batchOf({
    events: [{ id: 9, event_type: "odd", timestamp: 12, symbol: {}, data: ["x"], severity_number: "high", seq: 1.5 }],
  });
  expect(events[0]).toEqual(
    testEvent(9, {
      event_type: "odd",
      timestamp: "",
      symbol: null,
      run_id: null,
      data: { unreadable: '["x"]' },
      severity_number: 0,
      instance_id: null,
      service_name: null,
      seq: null,
    }),
  );
});

test("a message that is none is one event that shows it, cut where it is long", () => {
  for (const text of ["", "{", "[]", '{"events":7}', "null"]) {
    expect(readBatch(text).events).toMatchObject([{ id: 0, event_type: UNREADABLE, data: { unreadable: text } }]);
  }
  const [long] = readBatch("x".repeat(50_000)).events;
  expect(String(long?.data["unreadable"])).toBe("x".repeat(10_000));
});

test("a state is read, and one that is none is left", () => {
  expect(readState('{"last_id":7,"events_per_second":12.5}')).toEqual({ lastId: 7, eventsPerSecond: 12.5 });
  expect(readState('{"last_id":7,"events_per_second":-1}')).toEqual({ lastId: 7, eventsPerSecond: 0 });
  for (const text of ["", "[]", "{}", '{"last_id":"7"}']) expect(readState(text)).toBeUndefined();
});
