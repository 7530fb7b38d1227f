import { expect, test } from "vitest";
import { fromValue, toValue, typeChoices } from "./type-choices.ts";

const NONE = { type: undefined, show: undefined };

test("the filters that everybody asks for are there before anything has happened", () => {
  expect(typeChoices([], NONE)).toEqual([
    {
      title: "Often",
      choices: [
        { value: "show:evidence", text: "Decisions and orders" },
        { value: "type:scan_started", text: "Scans Started" },
        { value: "type:scan_completed", text: "Scans Completed" },
        { value: "type:signal_generated", text: "Signals Generated" },
        { value: "type:signal_rejected", text: "Signals Rejected" },
        { value: "show:errors", text: "Errors" },
      ],
    },
  ]);
});

test("every type of the range is a choice, with its count", () => {
  const [, types] = typeChoices(
    [
      { value: "funding_paid", count: 123_456 },
      { value: "", count: 1 },
    ],
    NONE,
  );
  expect(types).toEqual({
    title: "In this range",
    choices: [{ value: "type:funding_paid", text: "Funding paid (123K)" }],
  });
});

test("what the address names is a choice, also where the range has none of it", () => {
  expect(typeChoices([], { type: "old_type", show: undefined }).at(-1)).toEqual({
    title: "Chosen",
    choices: [{ value: "type:old_type", text: "Old type" }],
  });
  expect(typeChoices([], { type: "scan_started", show: undefined }).length).toBe(1);
});

test("a choice survives being a value of a list", () => {
  for (const choice of [NONE, { type: "show:errors", show: undefined }, { type: undefined, show: "evidence" }])
    expect(fromValue(toValue(choice))).toEqual(choice);
});
