import { createReJudge } from "@tracebook/decisions";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  COST_NAMES,
  gateParameter,
  isUnchanged,
  noChange,
  parametersOf,
  toWhatIfChange,
  toWhatIfQuery,
  type WhatIf,
  whatIfOf,
} from "./what-if-parameters.ts";

const amount = fc.stringMatching(/^-?\d{1,28}(\.\d{1,28})?$/);
const setting = <M extends string>(relative: M) =>
  fc.option(fc.record({ mode: fc.constantFrom("set" as const, relative), text: amount }), { nil: undefined });
const whatIf: fc.Arbitrary<WhatIf> = fc
  .record({
    threshold: setting("by"),
    costs: fc.dictionary(fc.constantFrom(...COST_NAMES), setting("times")),
    gates: fc.uniqueArray(fc.tuple(fc.string({ minLength: 1, maxLength: 64 }), amount), { selector: ([name]) => name }),
  })
  .map(({ threshold, costs, gates }) => ({
    threshold,
    costs: Object.fromEntries(Object.entries(costs).filter(([, value]) => value !== undefined)),
    gates: gates.toSorted(([a], [b]) => (a < b ? -1 : 1)),
  }));

test("what is written into the address is read out of it again", () => {
  fc.assert(
    fc.property(whatIf, (given) => {
      const parameters = new URLSearchParams();
      const all = [
        parametersOf("min_threshold", given.threshold),
        ...COST_NAMES.map((name) => parametersOf(name, given.costs[name])),
        Object.fromEntries(given.gates.map(([name, value]) => [gateParameter(name), value])),
      ];
      for (const [name, value] of all.flatMap((one) => Object.entries(one)))
        if (value !== undefined) parameters.set(name, value);
      expect(whatIfOf(new URLSearchParams(parameters.toString()))).toEqual(given);
      for (const name of Object.keys(noChange(parameters))) parameters.delete(name);
      expect(isUnchanged(whatIfOf(parameters))).toBe(true);
    }),
  );
});

test("judging again takes every change that the address can hold", () => {
  fc.assert(
    fc.property(whatIf, (given) => {
      expect(() => createReJudge(toWhatIfChange(given, "bps"))).not.toThrow();
      expect(() => createReJudge(toWhatIfChange(given, undefined))).not.toThrow();
    }),
  );
});

test("what is no decimal does not count, and an amount that is set goes before a factor", () => {
  const { threshold, costs, gates } = whatIfOf(
    new URLSearchParams("min_threshold=1e3&fees_est=2&fees_est_times=3&gas_est_times=NaN&gate.=1&gate.a=x&gate.b=0.5"),
  );
  expect(threshold).toBeUndefined();
  expect(costs).toEqual({ fees_est: { mode: "set", text: "2" } });
  expect(gates).toEqual([["b", "0.5"]]);
});

test("adding nothing and multiplying by one are no change; setting is one", () => {
  expect(isUnchanged(whatIfOf(new URLSearchParams("threshold_by=0.00&fees_est_times=1.0")))).toBe(true);
  expect(isUnchanged(whatIfOf(new URLSearchParams("threshold_by=0.01")))).toBe(false);
  expect(isUnchanged(whatIfOf(new URLSearchParams("gas_est=0")))).toBe(false);
});

test("the query names a gate and its threshold", () => {
  const query = toWhatIfQuery(whatIfOf(new URLSearchParams("gate.min:depth=40&threshold_by=-0.10")));
  expect(query).toMatchObject({ gate: ["min:depth:40"], threshold_by: "-0.10", min_threshold: undefined });
});
