// Inputs of judge() at random, and the records that their verdicts leave.
import fc from "fast-check";
import type { GateInput } from "../src/gate.ts";
import { type JudgeInput, judge } from "../src/judge.ts";
import type { RecordedDecision } from "../src/what-if-record.ts";
import { decimalTexts } from "./oracle.ts";

/** Amounts of up to 28 digits, mostly so near to each other that thresholds are met, missed and nearly missed. */
export const amounts: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: -400, max: 400 }).map((cents) => (cents / 100).toFixed(2)) },
  { weight: 1, arbitrary: decimalTexts(28) },
);

const units = fc.constantFrom("bps", "USD");
const readable = fc.record(
  {
    unit: units,
    gross: amounts,
    fees: amounts,
    slippage: amounts,
    gas: amounts,
    latencyBuffer: amounts,
    minThreshold: amounts,
  },
  { requiredKeys: ["unit", "gross", "minThreshold"] },
);
/** What judging answers with `invalid_edge`. */
const malformed = fc.constantFrom(
  { unit: "bps", gross: "1,0", minThreshold: "1" },
  { unit: "", gross: "1", minThreshold: "1" },
);
const edges = fc.oneof({ weight: 20, arbitrary: readable }, { weight: 1, arbitrary: malformed });

const codes = fc.constantFrom("risk_limit" as const, "stale_data" as const, undefined);
function gateNamed(name: string): fc.Arbitrary<GateInput> {
  const compared = fc.record({
    name: fc.constant(name),
    score: amounts,
    threshold: amounts,
    comparison: fc.constantFrom(">=" as const, ">" as const, "<=" as const, "<" as const),
    code: codes,
  });
  const own = fc.record({ name: fc.constant(name), passed: fc.boolean(), code: codes });
  const unreadable = fc.constant({ name, score: "high", threshold: "1", code: undefined });
  const gates = fc.oneof(
    { weight: 8, arbitrary: compared },
    { weight: 3, arbitrary: own },
    { weight: 1, arbitrary: unreadable },
  );
  return gates.map(({ code, ...gate }) => (code === undefined ? gate : { ...gate, reasonCode: code }));
}

/** Names of the gates, each at most once an input. */
export const GATE_NAMES = ["confluence", "spread", "age"] as const;
const gates = fc
  .tuple(...GATE_NAMES.map((name) => fc.option(gateNamed(name), { nil: undefined, freq: 2 })))
  .map((some) => some.filter((gate) => gate !== undefined));
const vetoes = fc.oneof(
  { weight: 5, arbitrary: fc.constant([]) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom("halted" as const, "risk_limit" as const, "gate_failed" as const)
      .map((code) => [{ code }]),
  },
);

/** Inputs with an edge, gates, vetoes, or any of them. */
export const judgeInputs: fc.Arbitrary<JudgeInput> = fc.record({ edge: edges, gates, vetoes }, { requiredKeys: [] });

/** What a verdict on the input leaves on the record. */
export function recordOf(input: JudgeInput): RecordedDecision {
  return JSON.parse(JSON.stringify(judge(input)));
}
