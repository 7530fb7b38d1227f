// ACCEPT exactly when net edge >= threshold and every gate passed and nothing was vetoed.
import fc from "fast-check";
import { expect, it } from "vitest";
import { decimalTexts, scaled } from "../test/oracle.ts";
import type { EdgeInput } from "./edge.ts";
import { checkEdge } from "./edge-check.ts";
import type { GateInput } from "./gate.ts";
import { judge } from "./judge.ts";

const COMPARISONS = {
  ">=": (a: bigint, b: bigint) => a >= b,
  ">": (a: bigint, b: bigint) => a > b,
  "<=": (a: bigint, b: bigint) => a <= b,
  "<": (a: bigint, b: bigint) => a < b,
} as const;

/** Texts as they are, or as numbers and bigints where those say the same. */
const amounts = decimalTexts(20).chain((text) => {
  const forms: (string | number | bigint)[] = [text];
  if (/^-?\d+$/.test(text)) forms.push(BigInt(text));
  if (text.length < 15) forms.push(Number(text));
  return fc.constantFrom(...forms);
});
const textOf = (amount: unknown) => (typeof amount === "string" ? amount : String(amount));

const edges: fc.Arbitrary<EdgeInput> = fc.record(
  {
    unit: fc.constantFrom("bps", "USD"),
    gross: amounts,
    fees: amounts,
    slippage: amounts,
    gas: amounts,
    latencyBuffer: amounts,
    minThreshold: amounts,
  },
  { requiredKeys: ["unit", "gross", "minThreshold"] },
);
const gates: fc.Arbitrary<GateInput[]> = fc.array(
  fc.oneof(
    fc.record({ name: fc.constant("own"), passed: fc.boolean() }),
    fc.record({
      name: fc.constant("score"),
      score: amounts,
      threshold: amounts,
      comparison: fc.constantFrom(">=" as const, ">" as const, "<=" as const, "<" as const),
    }),
  ),
  { maxLength: 3 },
);

function gatePasses(gate: GateInput): boolean {
  if (gate.passed !== undefined) return gate.passed;
  return COMPARISONS[gate.comparison ?? ">="](scaled(textOf(gate.score)), scaled(textOf(gate.threshold)));
}

function netOf({ gross, fees, slippage, gas, latencyBuffer }: EdgeInput): bigint {
  const costs = [fees, slippage, gas, latencyBuffer].map((cost) => scaled(cost === undefined ? "0" : textOf(cost)));
  return costs.reduce((net, cost) => net - cost, scaled(textOf(gross)));
}

it("ACCEPT exactly when net edge >= threshold, every gate passed and nothing was vetoed", () => {
  const seen = { ACCEPT: 0, REJECT: 0 };
  fc.assert(
    fc.property(edges, gates, fc.boolean(), (edge, given, halted) => {
      const verdict = judge({ edge, gates: given, vetoes: [halted && { code: "halted" }] });
      const reaches = netOf(edge) >= scaled(textOf(edge.minThreshold));
      const passed = given.map(gatePasses);
      expect(verdict.gates.map((gate) => gate.passed)).toEqual(passed);
      expect(scaled(verdict.edge?.net_edge ?? "")).toBe(netOf(edge));
      expect(verdict.accepted).toBe(reaches && !halted && !passed.includes(false));
      const code = halted
        ? "halted"
        : passed.includes(false)
          ? "gate_failed"
          : reaches
            ? "accepted"
            : "insufficient_edge";
      expect(verdict.reasonCode).toBe(code);
      expect(checkEdge(JSON.parse(JSON.stringify(verdict)))).toBeUndefined();
      seen[verdict.decision] += 1;
    }),
    { numRuns: 20_000 },
  );
  expect(Math.min(seen.ACCEPT, seen.REJECT)).toBeGreaterThan(500);
});

it("a threshold one unit in the last place above net rejects, and net itself accepts", () => {
  fc.assert(
    fc.property(edges, fc.integer({ min: 0, max: 60 }), (edge, place) => {
      const net = judge({ edge }).edge?.net_edge ?? "";
      expect(judge({ edge: { ...edge, minThreshold: net } }).accepted).toBe(true);
      const [whole = "", fraction = ""] = net.split(".");
      const digits = whole + fraction.padEnd(place, "0");
      const scale = Math.max(fraction.length, place);
      const above = `${BigInt(digits) + 1n}e-${scale}`;
      expect(judge({ edge: { ...edge, minThreshold: above } }).reasonCode).toBe("insufficient_edge");
    }),
    { numRuns: 5_000 },
  );
});
