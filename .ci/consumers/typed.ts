// A TypeScript program: compiled strictly against the published declarations, and run.
import assert from "node:assert/strict";
import { decisions, defineFlow, judge, startTelemetry, type Verdict } from "@tracebook/node";

await startTelemetry();

const tick = defineFlow("tick", { stages: ["book", "risk"] });

async function onFrame(symbol: string, gross: string): Promise<Verdict> {
  return tick.run({ symbol }, async (flow) => {
    flow.mark("book");
    // @ts-expect-error a stage that the flow was not defined with
    flow.mark("no such stage");
    const verdict = judge({ edge: { unit: "bps", gross, fees: "2.00", minThreshold: "0.50" } });
    decisions.record(verdict, { strategy: "basis" });
    flow.mark("risk");
    return verdict;
  });
}

const verdict = await onFrame("BTC/USDT", "4.10");
assert.equal(verdict.accepted, true);
