import { expect, test } from "vitest";
import { eventWords, fullText, spanEventWords } from "./event-words.ts";
import { testEvent } from "./test-event.ts";

test("an event is said as its card says it, with its details", () => {
  const data = {
    client_order_id: "b-1",
    side: "BUY",
    quantity: "0.5",
    price: "10",
    order_type: "LIMIT",
    venue: "spot",
  };
  expect(eventWords(testEvent(1, "order_request", 0, data), {})).toEqual({
    title: "Order request",
    tone: "info",
    line: "BUY 0.5 BTC at 10 USDT · type limit · venue spot · order b-1",
  });
});

test("a card that the desk was told comes first", () => {
  const cards = { funding_paid: { title: "Funding", tone: "accept" as const, text: "{amount} USDT" } };
  const words = eventWords(testEvent(1, "funding_paid", 0, { amount: "1.5" }), cards);
  expect(words).toEqual({ title: "Funding", tone: "accept", line: "1.5 USDT" });
});

test("an exception is said by its message, any other event of a span by its attributes", () => {
  const exception = { name: "exception", timeMicros: 1, attributes: { "exception.message": "no route", more: 1 } };
  expect(spanEventWords(exception)).toEqual({ title: "Exception", tone: "error", line: "no route" });
  const retry = { name: "retry", timeMicros: 1, attributes: { attempt: 2 } };
  expect(spanEventWords(retry)).toEqual({ title: "Retry", tone: "neutral", line: "attempt 2" });
  expect(spanEventWords({ name: "", timeMicros: 1, attributes: {} })).toEqual({
    title: "(no name)",
    tone: "neutral",
    line: "",
  });
});

test("a value is text in full, whatever it is", () => {
  expect(fullText("a\nb")).toBe("a\nb");
  expect([fullText({ a: [1] }), fullText(null), fullText(undefined), fullText(1.5)]).toEqual([
    '{"a":[1]}',
    "null",
    "undefined",
    "1.5",
  ]);
});
