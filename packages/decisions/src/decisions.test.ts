// Decisions on the record: what is written without an object is what the object says, and a verdict joins its flow.

import { createRedactor } from "@tracebook/core";
import { createJsonWriter, type EventKind, type EventRecord } from "@tracebook/core/extension";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DECISION_KIND, decisions } from "./decisions.ts";
import { judge } from "./judge.ts";
import type { Verdict } from "./verdict.ts";

function recordOf(payload: unknown, strategy?: string): EventRecord {
  const ids = { traced: false, trace0: 0, trace1: 0, trace2: 0, trace3: 0, span0: 0, span1: 0 };
  return {
    kind: DECISION_KIND as EventKind,
    seq: 1,
    timeMs: 0,
    runId: "r",
    payload,
    symbol: undefined,
    strategy,
    ...ids,
  };
}

const writer = createJsonWriter({ redactor: createRedactor() });

function written(verdict: Verdict<string>, strategy?: string): unknown {
  writer.reset();
  DECISION_KIND.writeData?.(verdict, recordOf(verdict, strategy), writer);
  return JSON.parse(new TextDecoder().decode(writer.bytes.subarray(0, writer.length)));
}

function said(verdict: Verdict<string>, strategy?: string): unknown {
  return JSON.parse(JSON.stringify(DECISION_KIND.toData(verdict, recordOf(verdict, strategy))));
}

const decimal = fc
  .tuple(fc.integer({ min: -99_999, max: 99_999 }), fc.integer({ min: 0, max: 4 }))
  .map(([n, scale]) => {
    const digits = String(Math.abs(n)).padStart(scale + 1, "0");
    const text = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
    return n < 0 ? `-${text}` : text;
  });

describe("a decision in the journal", () => {
  it("written straight to bytes says exactly what its data says, for any edge, gates, unit and strategy", () => {
    fc.assert(
      fc.property(
        fc.record({
          unit: fc.constantFrom("bps", "USD", "%", "weird unit", 'q"uote', "bps2"),
          gross: decimal,
          fees: decimal,
          slippage: decimal,
          gas: decimal,
          latencyBuffer: decimal,
          minThreshold: decimal,
        }),
        fc.array(fc.record({ name: fc.constantFrom("depth", "spread", 'na"me'), score: decimal, threshold: decimal }), {
          maxLength: 3,
        }),
        fc.option(fc.constantFrom("basis", "grid \u2028 π", ""), { nil: undefined }),
        (edge, gates, strategy) => {
          const verdict = judge(gates.length === 0 ? { edge } : { edge, gates });
          expect(written(verdict, strategy)).toEqual(said(verdict, strategy));
        },
      ),
      { numRuns: 3000 },
    );
  });

  it("keeps vetoes with their context and malformed input with its raw form", () => {
    const edge = { unit: "bps", gross: "4.10", minThreshold: "1" };
    const vetoed = judge({ edge, vetoes: [{ code: "position_limit", reason: "full", context: { position: "1.5" } }] });
    const malformed = judge({ edge: { ...edge, gross: "1,0" } });
    expect(written(vetoed, "basis")).toMatchObject({
      strategy: "basis",
      reason_code: "position_limit",
      position: "1.5",
    });
    expect(written(malformed)).toMatchObject({ decision: "REJECT", reason_code: "invalid_edge" });
    expect(written(malformed)).toEqual(said(malformed));
  });

  it("does nothing, and does not throw, while telemetry is off", () => {
    expect(() => decisions.record(judge({}))).not.toThrow();
    expect(() => decisions.record(undefined as never, null as never)).not.toThrow();
  });
});
