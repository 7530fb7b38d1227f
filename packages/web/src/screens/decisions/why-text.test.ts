import fc from "fast-check";
import { expect, test } from "vitest";
import { markNumbers, ownAddress, partOf, splitSentence } from "./why-text.ts";

const SENTENCE =
  "No order in the last 60 minutes: of 12,345 ticks 12,100 showed no signal; 245 were judged (best: 0.10 bps short, 12 within 10 %); risk_4 refused 14.";

test("the head of the sentence ends at its first colon, the rest is all that follows", () => {
  expect(splitSentence(SENTENCE).head).toBe("No order in the last 60 minutes");
  expect(splitSentence(SENTENCE).rest.startsWith("of 12,345 ticks")).toBe(true);
  expect(splitSentence("Nothing")).toEqual({ head: "Nothing", rest: "" });
});

test("numbers are set apart with their percent sign, digits inside of names are not", () => {
  const numbers = markNumbers(SENTENCE)
    .filter(({ isNumber }) => isNumber)
    .map(({ text }) => text);
  expect(numbers).toEqual(["60", "12,345", "12,100", "245", "0.10", "12", "10 %", "14"]);
});

test("the pieces together are the text, whatever it is", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(
        markNumbers(text)
          .map((piece) => piece.text)
          .join(""),
      ).toBe(text);
    }),
  );
});

test("a link keeps the range and the filters, and says more", () => {
  const current = new URLSearchParams("range=6h&symbol=BTC%2FUSDT&view=whatif");
  expect(ownAddress("/decisions?reason_code=no_signal", current)).toBe(
    "/decisions?range=6h&symbol=BTC%2FUSDT&reason_code=no_signal",
  );
});

test("whatever leads to another place is no link", () => {
  const none = new URLSearchParams();
  for (const link of [
    "//evil.example",
    "/\\evil.example",
    "https://evil.example",
    "javascript:alert(1)",
    "x",
    "",
    null,
  ])
    expect(ownAddress(link, none)).toBeUndefined();
});

test("a number stands for the part of that count, and for the one of decisions where there are two", () => {
  const parts = [
    { label: "stopped", value: "245", link: "/traces?reason_code=insufficient_edge" },
    { label: "refused", value: "245", link: "/decisions?reason_code=insufficient_edge" },
    { label: "ticks", value: "12,345", link: "/traces" },
  ];
  expect(partOf("245", " were judged", parts)?.link).toBe("/decisions?reason_code=insufficient_edge");
  expect(partOf("12,345", " ticks", parts)?.link).toBe("/traces");
  expect(partOf("7", " were judged", parts)).toBeUndefined();
});

test("numbers of minutes, of reasons and of percent stand for no part, whatever is counted as often", () => {
  const parts = [{ label: "ticks", value: "60", link: "/traces" }];
  for (const [number, next] of [
    ["60", " minutes"],
    ["60", " other reasons"],
    ["60", " within 10 %"],
    ["60 %", " of the threshold"],
    ["0.60", " bps short"],
  ] as const)
    expect(partOf(number, next, parts)).toBeUndefined();
});
