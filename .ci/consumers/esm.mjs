// An ES module that uses Tracebook as installed from npm.
import assert from "node:assert/strict";
import { decisions, defineFlow, judge, startTelemetry } from "@tracebook/node";

await startTelemetry();

const tick = defineFlow("tick", { stages: ["book", "risk"] });
const verdict = tick.run({ symbol: "BTC/USDT" }, (flow) => {
  flow.mark("book");
  const judged = judge({
    edge: {
      unit: "bps",
      gross: "4.10",
      fees: "2.00",
      slippage: "0.60",
      gas: "0",
      latencyBuffer: "0.30",
      minThreshold: "1.50",
    },
  });
  decisions.record(judged, { strategy: "basis" });
  flow.mark("risk");
  return judged;
});

assert.equal(verdict.accepted, false);
assert.equal(verdict.reasonCode, "insufficient_edge");
