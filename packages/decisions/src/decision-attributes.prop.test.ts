// What is written of a decision's reason in pieces is the reason, on spans and in log records.
import { createRedactor } from "@tracebook/core";
import { collectInto, type EventRecord, type RecordAttributes } from "@tracebook/core/extension";
import fc from "fast-check";
import { expect, it } from "vitest";
import { decimalTexts } from "../test/oracle.ts";
import { DECISION_KIND } from "./decisions.ts";
import { judge } from "./judge.ts";

const redactor = createRedactor();
const amounts = decimalTexts(20);
const inputs = fc.record({
  gates: fc.option(fc.constant([{ name: "min_confluence", score: 80, threshold: 70 }]), { nil: undefined }),
  edge: fc.record({
    unit: fc.constantFrom("bps", "USD", "a unit of many words", "token=abcdef", ""),
    gross: amounts,
    fees: amounts,
    minThreshold: amounts,
  }),
});

it("trading.reason = the reason of the verdict, scrubbed", () => {
  fc.assert(
    fc.property(inputs, ({ gates, edge }) => {
      const verdict = judge({ edge, ...(gates === undefined ? {} : { gates }) });
      const onSpan: RecordAttributes = {};
      const onLog: RecordAttributes = {};
      DECISION_KIND.writeSpanAttributes?.(verdict, redactor, collectInto(onSpan));
      const isWritten = DECISION_KIND.writeLogAttributes?.(verdict, {} as EventRecord, redactor, collectInto(onLog));
      const reason = redactor.text(verdict.reason);
      expect(onSpan["trading.reason"]).toBe(reason);
      expect(onLog["trading.reason"]).toBe(isWritten === true ? reason : undefined);
      expect(isWritten).toBe(verdict.raw === undefined);
    }),
    { numRuns: 2_000 },
  );
});
