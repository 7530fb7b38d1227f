import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { testSpan } from "../../charts/test-span.ts";
import { orderEvents, orderIds, orderSteps, relatedOrders } from "./order-steps.ts";
import { testEvent } from "./test-event.ts";

const id = "b-1";
const exchange = { service_name: "exchange", instance_id: "x-1" };

describe("the steps of an order", () => {
  const spans = [
    testSpan("root", null, 0, 9_000_000, { operation_name: "tick" }),
    testSpan("handled", "root", 500_000, 10, { service_name: "exchange", tags: { "trading.client_order_id": id } }),
  ];
  const events = [
    testEvent(1, "decision", 100, { decision: "ACCEPT", reason_code: "accepted" }),
    testEvent(2, "order_request", 200, { client_order_id: id, side: "BUY", quantity: "2", price: "10" }),
    testEvent(3, "order_request", 210, { client_order_id: "b-2", quantity: "1" }),
    testEvent(5, "order_result", 900, {
      client_order_id: id,
      status: "FILLED",
      filled_quantity: "2",
      average_price: "10",
      fills: [{ quantity: "2", price: "10", fee: "0.01", fee_asset: "USDT" }],
    }),
  ];
  const found = [
    events[1]!,
    testEvent(
      4,
      "order_transition",
      600,
      { client_order_id: id, status: "FILLED", previous_status: "RECEIVED" },
      { ...exchange, trace_id: "f".repeat(32) },
    ),
    testEvent(6, "log", 700, { body: `speaks of ${id}` }),
  ];

  test("go from the signal to the last fill, across services, each once", () => {
    const steps = orderSteps({ orderId: id, spans, events, found });
    expect(
      steps.map(({ title, words, quantity, price, fee, isPart }) => [title, words, quantity, price, fee, isPart]),
    ).toEqual([
      ["Flow begins", "tick", undefined, undefined, undefined, false],
      ["Decision accepted", "accepted", undefined, undefined, undefined, false],
      ["Order request", "BUY", "2", "10", undefined, false],
      ["Handled", "handled", undefined, undefined, undefined, false],
      ["Order transition", "RECEIVED → FILLED", undefined, undefined, undefined, false],
      ["Order result", "FILLED", "2", "10", undefined, false],
      ["Fill", "", "2", "10", "0.01 USDT", true],
    ]);
    expect(steps.find(({ title }) => title === "Order transition")?.traceId).toBe("f".repeat(32));
  });

  test("an order of which nothing is known has no steps", () => {
    expect(orderSteps({ orderId: "unknown", spans, events: [], found: [] })).toEqual([]);
  });

  test("a signal that came after the request belongs to another order", () => {
    const later = [...events, testEvent(7, "decision", 800, { decision: "REJECT" })];
    expect(
      orderSteps({ orderId: id, spans, events: later, found }).filter(({ title }) => title.startsWith("Decision")),
    ).toHaveLength(1);
  });
});

test("orders of a trace come up in events and in spans, each once", () => {
  const spans = [
    testSpan("a", null, 0, 1, { tags: { "trading.client_order_id": "b-3" } }),
    testSpan("b", "a", 0, 1, { tags: { client_order_id: 7 } }),
  ];
  const events = [
    testEvent(1, "order_request", 0, { client_order_id: "b-1" }),
    testEvent(2, "order_result", 1, { client_order_id: "b-1" }),
    testEvent(3, "x", 2, { client_order_id: "" }),
  ];
  expect(orderIds({ spans, events })).toEqual(["b-1", "b-3"]);
});

test("a replaced order leads to the one that it replaced", () => {
  const events = [testEvent(1, "order_request", 0, { client_order_id: "b-2", orig_client_order_id: "b-1" })];
  expect(orderEvents({ orderId: "b-1", spans: [], events, found: [] })).toHaveLength(1);
  expect(relatedOrders(events, "b-1")).toEqual(["b-2"]);
});

test("records of an instance keep the order of their numbers, whatever its clock says", () => {
  const event = fc.record({ seq: fc.nat(1000), micros: fc.nat(1000), instance: fc.constantFrom("i-1", "i-2") });
  fc.assert(
    fc.property(fc.uniqueArray(event, { selector: ({ seq, instance }) => `${instance}/${seq}` }), (given) => {
      const events = given.map(({ seq, micros, instance }, i) =>
        testEvent(i + 1, "order_transition", micros, { client_order_id: id }, { seq, instance_id: instance }),
      );
      const merged = orderEvents({ orderId: id, spans: [], events, found: events });
      expect(merged.length).toBe(events.length);
      for (const instance of ["i-1", "i-2"]) {
        const numbers = merged.filter((one) => one.instance_id === instance).map(({ seq }) => seq as number);
        expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
      }
    }),
  );
});
