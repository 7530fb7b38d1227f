import { expect, test } from "vitest";
import { AlertRuleError } from "./rule-error.ts";
import { parseAlertRules, readAlertRules } from "./rules-file.ts";

const rule = (name: string, severity = "error") =>
  `- { rule_name: ${name}, rule_type: event_frequency, severity: ${severity}, condition_config: { event_type: error_event, threshold: 1 } }\n`;

test("a rule that is wrong stops none of the others, and has its place", () => {
  const { rules, broken } = readAlertRules(rule("A") + rule("B", "eror") + rule("A") + rule("C"));
  expect(rules.map(({ rule_id }) => rule_id)).toEqual(["a", "c"]);
  expect(broken.map(({ path, error }) => [path, error.problems.map((one) => one.path)])).toEqual([
    ["rules[1]", ["severity"]],
    ["rules[2]", ["rule_id"]],
  ]);
});

test("read as a whole, the same file is refused with all that is wrong, each with its place", () => {
  const read = () => parseAlertRules(rule("A") + rule("B", "eror") + rule("A"));
  expect(read).toThrow(AlertRuleError);
  expect(read).toThrow(
    /rules\[1\]\.severity .*"eror".*Nearest valid form: error\nrules\[2\]\.rule_id is a, as rules\[0\] has it/,
  );
});

test("what is no file of rules is refused as a whole", () => {
  for (const text of ["rules: [", "a: 1", ""]) expect(() => readAlertRules(text)).toThrow(AlertRuleError);
});
