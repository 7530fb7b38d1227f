// Judging: what is accepted, what decides, and that nothing makes it throw.
import { inspect } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkEdge } from "./edge-check.ts";
import { type JudgeInput, judge, type Veto } from "./judge.ts";
import { defineReasonCodes } from "./reason-code.ts";

const EDGE = {
  unit: "bps",
  gross: "4.10",
  fees: "2.00",
  slippage: "0.60",
  gas: "0",
  latencyBuffer: "0.30",
  minThreshold: "0.50",
} as const;
const CONFLUENCE = { name: "min_confluence", score: 82, threshold: 70 } as const;
const LOW = { name: "min_confluence", score: 65, threshold: 70 } as const;

describe("what is accepted", () => {
  it("accepts 100.0 - 2.0 - 1.0 - 0.5 - 0.3 = 96.2 at a threshold of 95.0", () => {
    const verdict = judge({
      edge: {
        unit: "USD",
        gross: "100.0",
        fees: "2.0",
        slippage: "1.0",
        gas: "0.5",
        latencyBuffer: "0.3",
        minThreshold: "95.0",
      },
    });
    expect(verdict).toMatchObject({ accepted: true, decision: "ACCEPT", reasonCode: "accepted" });
    expect(verdict.edge?.net_edge).toBe("96.2");
    expect(verdict.reason).toBe("net edge 96.2 USD reaches the threshold of 95.0 USD");
  });

  it("accepts a net edge that equals its threshold, whatever the places", () => {
    expect(judge({ edge: { ...EDGE, minThreshold: "1.2" } }).accepted).toBe(true);
    expect(judge({ edge: { ...EDGE, minThreshold: `1.20${"0".repeat(40)}1` } }).accepted).toBe(false);
  });

  it("rejects 1.20 at a threshold of 1.50, as the record of a decision shows it", () => {
    const verdict = judge({ edge: { ...EDGE, minThreshold: "1.50" } });
    expect(verdict.accepted).toBe(false);
    expect(JSON.stringify(verdict)).toBe(
      '{"decision":"REJECT","reason_code":"insufficient_edge",' +
        '"reason":"net edge 1.20 bps is below the threshold of 1.50 bps","edge_unit":"bps","gross_edge":"4.10",' +
        '"fees_est":"2.00","slippage_est":"0.60","gas_est":"0","latency_buffer":"0.30","net_edge":"1.20",' +
        '"min_threshold":"1.50"}',
    );
  });

  it("needs every gate and the edge", () => {
    const verdict = judge({ edge: EDGE, gates: [CONFLUENCE, { name: "book_ready", passed: true }] });
    expect(verdict.accepted).toBe(true);
    expect(verdict.gates.map((gate) => gate.gate_name)).toEqual(["min_confluence", "book_ready"]);
    expect(verdict.reason).toBe("net edge 1.20 bps reaches the threshold of 0.50 bps and all 2 gates passed");
    expect(judge({ edge: EDGE, gates: [CONFLUENCE, { name: "book_ready", passed: false }] }).accepted).toBe(false);
  });

  it("judges by gates alone where there is no edge", () => {
    expect(judge({ gates: [CONFLUENCE] })).toMatchObject({ accepted: true, edge: undefined });
    expect(judge({ gates: [CONFLUENCE] }).reason).toBe("gate min_confluence passed");
    expect(judge({ gates: [LOW] })).toMatchObject({ accepted: false, reasonCode: "gate_failed" });
  });
});

describe("what decides", () => {
  it("is the first gate that did not pass, and all gates are evaluated", () => {
    const verdict = judge({
      edge: { ...EDGE, minThreshold: 9 },
      gates: [CONFLUENCE, { ...LOW, name: "age", comparison: ">", reasonCode: "stale_data" }, LOW],
    });
    expect(verdict.reasonCode).toBe("stale_data");
    expect(verdict.reason).toBe("gate age: score 65 is not above the threshold of 70");
    expect(verdict.gates.map((gate) => gate.passed)).toEqual([true, false, false]);
    expect(verdict.edge?.net_edge).toBe("1.20");
  });

  it.each([
    [LOW, "gate min_confluence: score 65 is below the threshold of 70"],
    [
      { name: "spread", score: "9", threshold: 8, comparison: "<=" },
      "gate spread: score 9 is above the threshold of 8",
    ],
    [
      { name: "spread", score: 8, threshold: 8, comparison: "<" },
      "gate spread: score 8 is not below the threshold of 8",
    ],
    [{ name: "book_ready", passed: false }, "gate book_ready did not pass"],
    [{ name: "book_ready", passed: false, details: "resyncing" }, "gate book_ready did not pass: resyncing"],
    [{ name: "risk", passed: false, score: 9, threshold: 1 }, "gate risk did not pass"],
  ] as const)("is told in a sentence, case %#", (gate, reason) => {
    expect(judge({ gates: [gate] }).reason).toBe(reason);
  });

  it("is a veto before any gate, with the arithmetic on record", () => {
    const veto: Veto = { code: "position_limit", reason: "3 of 3 open", context: { open_positions: 3 } };
    const verdict = judge({ edge: EDGE, gates: [LOW], vetoes: [false, undefined, null, veto, { code: "halted" }] });
    expect(verdict).toMatchObject({ decision: "REJECT", reasonCode: "position_limit", context: { open_positions: 3 } });
    expect(verdict.reason).toBe("3 of 3 open");
    expect(verdict.edge?.net_edge).toBe("1.20");
    expect(verdict.gates).toHaveLength(1);
  });

  it("is not a veto that is none", () => {
    expect(judge({ edge: EDGE, vetoes: [false, null, undefined] }).accepted).toBe(true);
    expect(judge({ edge: EDGE, vetoes: [] }).accepted).toBe(true);
  });

  it("has the sentence of its code where a veto gives none", () => {
    expect(judge({ vetoes: [{ code: "halted" }] }).reason).toBe("Trading was halted by an operator or a kill switch.");
  });

  it("is a code of the host's own vocabulary where one is given", () => {
    const codes = defineReasonCodes({ funding_unsettled: "The funding was not booked yet." });
    const verdict = judge({ edge: EDGE, vetoes: [{ code: "funding_unsettled" }] }, codes);
    expect(verdict).toMatchObject({ reasonCode: "funding_unsettled", context: undefined });
    expect(verdict.reason).toBe("The funding was not booked yet.");
  });

  it.each(["funding_unsettled", "accepted", "insufficient_edge", "invalid_edge", "x".repeat(1e6)])(
    "is other for a code that is not the host's to give, and the code is kept",
    (code) => {
      const verdict = judge({ edge: EDGE, vetoes: [{ code, reason: "why" } as unknown as Veto] });
      expect(verdict).toMatchObject({ accepted: false, reasonCode: "other" });
      expect(verdict.reason).toBe("why");
      expect(verdict.context?.given_reason_code).toContain(JSON.stringify(code.slice(0, 64)).slice(0, -1));
      expect(checkEdge({ ...verdict.toJSON() })).toBeUndefined();
    },
  );
});

describe("malformed input", () => {
  it("is a REJECT that keeps what was given, before anything else", () => {
    const edge = { ...EDGE, gross: "4,10" };
    const verdict = judge({ edge, gates: [LOW], vetoes: [{ code: "halted" }] });
    expect(verdict).toMatchObject({ decision: "REJECT", reasonCode: "invalid_edge", edge: undefined });
    expect(verdict.reason).toContain('edge.gross: "4,10" is not a decimal: unexpected "," at character 2');
    expect(verdict.raw).toBe(
      '{unit: "bps", gross: "4,10", fees: "2.00", slippage: "0.60", gas: "0", latencyBuffer: "0.30", minThreshold: "0.50"}',
    );
    expect(verdict.gates).toHaveLength(1);
    expect(verdict.toJSON().raw_input).toBe(verdict.raw);
  });

  it("of a gate is invalid_gate, even after a gate that failed well-formed", () => {
    const gates = [LOW, { name: "age", score: "old", threshold: 1 }];
    const verdict = judge({ edge: EDGE, gates });
    expect(verdict.reasonCode).toBe("invalid_gate");
    expect(verdict.reason).toContain('gate age: gate.score: "old" is not a decimal');
    expect(verdict.raw).toBe('{name: "age", score: "old", threshold: 1}');
    expect(verdict.edge?.net_edge).toBe("1.20");
  });

  it.each([
    [undefined, "invalid_edge"],
    [null, "invalid_edge"],
    [{}, "invalid_edge"],
    [{ gates: [] }, "invalid_edge"],
    ["edge", "invalid_edge"],
    [{ edge: undefined }, "invalid_edge"],
    [{ edge: null, gates: [CONFLUENCE] }, "invalid_edge"],
    [{ edge: undefined, gates: [CONFLUENCE] }, "invalid_edge"],
    [{ edge: [], gates: [CONFLUENCE] }, "invalid_edge"],
    [{ edge: { ...EDGE, fees: undefined } }, "invalid_edge"],
    [{ edge: EDGE, gates: undefined }, "invalid_gate"],
    [{ edge: EDGE, gates: null }, "invalid_gate"],
    [{ edge: EDGE, gates: { 0: CONFLUENCE, length: 1 } }, "invalid_gate"],
    [{ edge: EDGE, gates: [undefined] }, "invalid_gate"],
    [{ edge: EDGE, gates: new Array(3) }, "invalid_gate"],
    [{ edge: EDGE, gates: new Array(2 ** 32 - 1) }, "invalid_gate"],
    [{ edge: EDGE, gates: Array(65).fill(CONFLUENCE) }, "invalid_gate"],
    [{ edge: EDGE, vetoes: "halted" }, "invalid_gate"],
    [{ edge: EDGE, vetoes: [true] }, "invalid_gate"],
    [{ edge: EDGE, vetoes: [{ reason: "no code" }] }, "invalid_gate"],
    [{ edge: EDGE, vetoes: [""] }, "invalid_gate"],
  ])("is never an ACCEPT, case %#", (input, reasonCode) => {
    const verdict = judge(input as JudgeInput);
    expect(verdict).toMatchObject({ accepted: false, decision: "REJECT", reasonCode });
    expect(verdict.reason).not.toBe("");
  });
});

describe("hostile input", () => {
  const thrower = (): never => {
    throw new Error("no");
  };
  const traps = { get: thrower, has: thrower, ownKeys: thrower, getPrototypeOf: thrower };
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();
  const cyclic: Record<string, unknown> = {};
  cyclic.self = cyclic;
  const growing = new Proxy([CONFLUENCE], { get: (target, key) => (key === "length" ? 60 : Reflect.get(target, key)) });
  const hostile: unknown[] = [
    new Proxy({}, traps),
    new Proxy([], traps),
    revoked.proxy,
    cyclic,
    Symbol("1"),
    thrower,
    growing,
    "1".repeat(1e7),
    1n << 1_000_000n,
    Number.NaN,
    { toString: thrower },
    { toString: () => ({}) },
    { [Symbol.toPrimitive]: thrower, toString: () => "1e999999999" },
    Object.defineProperty({}, "gross", { get: thrower }),
    Object.create(null),
    new Date(Number.NaN),
    new Map(),
    new Uint8Array(1_000_000),
  ];

  it("never throws and never accepts, wherever it stands", () => {
    for (const value of hostile) {
      const inputs = [
        value,
        { edge: value },
        { gates: value },
        { edge: EDGE, gates: [value] },
        { edge: EDGE, vetoes: value },
        { edge: EDGE, vetoes: [value] },
        { edge: EDGE, vetoes: [{ code: value, reason: value, context: value }] },
        { edge: EDGE, vetoes: [{ code: "halted", reason: value, context: { value } }] },
        { edge: EDGE, gates: [{ name: "a", passed: false, reasonCode: value, details: value }] },
        { edge: EDGE, gates: [{ name: "a", score: 1, threshold: 1, comparison: value }] },
        ...["name", "score", "threshold", "passed"].map((field) => ({ gates: [{ ...CONFLUENCE, [field]: value }] })),
        ...Object.keys(EDGE).map((field) => ({ edge: { ...EDGE, [field]: value } })),
      ];
      for (const input of inputs) {
        const verdict = judge(input as JudgeInput);
        const record = JSON.stringify(verdict);
        expect(verdict.decision).toBe("REJECT");
        expect(record.length).toBeLessThan(15_000);
        expect(verdict.reason).not.toBe("");
      }
    }
  });

  it("never throws on anything at all", () => {
    const anything = fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true });
    const input = fc.oneof(
      anything,
      fc.record({ edge: anything, gates: anything, vetoes: anything }, { requiredKeys: [] }),
      fc.record({ edge: fc.record({ unit: fc.constant("bps"), gross: anything, minThreshold: anything }) }),
      fc.record({ gates: fc.array(fc.record({ name: anything, score: anything, threshold: anything })) }),
    );
    fc.assert(
      fc.property(input, (value) => {
        const verdict = judge(value as JudgeInput);
        expect(verdict.accepted).toBe(verdict.reasonCode === "accepted");
        JSON.stringify(verdict);
      }),
      { numRuns: 5_000 },
    );
  });
});

describe("a verdict", () => {
  it("cannot be changed, nor by changing what was judged", () => {
    const edge = { ...EDGE, gross: "4.10" };
    const gates = [{ ...CONFLUENCE, score: 82 }];
    const verdict = judge({ edge, gates });
    edge.gross = "0";
    gates.pop();
    expect(() => Object.assign(verdict, { accepted: false })).toThrow(TypeError);
    expect(() => Object.assign(verdict.edge ?? {}, { net_edge: "9" })).toThrow(TypeError);
    expect(() => (verdict.gates as unknown[]).pop()).toThrow(TypeError);
    expect(verdict.toJSON()).toMatchObject({ decision: "ACCEPT", gross_edge: "4.10", gates: [{ score: "82" }] });
  });

  it("has the same fields in the same order, whatever was judged", () => {
    const fields = ["accepted", "decision", "reasonCode", "edge", "gates", "context", "raw"];
    for (const input of [{ edge: EDGE }, { gates: [LOW] }, { vetoes: [{ code: "halted" } as const] }, {}]) {
      expect(Object.keys(judge(input))).toEqual(fields);
    }
  });

  it("puts gates, raw input and context after the edge, and lets no context overwrite a field", () => {
    const context = { decision: "ACCEPT", net_edge: "9", limit: 3 };
    const data = judge({ edge: EDGE, gates: [CONFLUENCE], vetoes: [{ code: "risk_limit", context }] }).toJSON();
    expect(Object.keys(data)).toEqual([
      "decision",
      "reason_code",
      "reason",
      "edge_unit",
      "gross_edge",
      "fees_est",
      "slippage_est",
      "gas_est",
      "latency_buffer",
      "net_edge",
      "min_threshold",
      "gates",
      "context_decision",
      "context_net_edge",
      "limit",
    ]);
    expect(data).toMatchObject({ decision: "REJECT", net_edge: "1.20", context_decision: "ACCEPT", limit: 3 });
  });

  it("shows its reason when it is logged", () => {
    expect(inspect(judge({ edge: EDGE }))).toContain("reason: 'net edge 1.20 bps reaches the threshold of 0.50 bps'");
  });
});
