// A bot that ticks, says so, and ends in the way its argument names: by itself, with a code of its own, or when it is told to.
import { decisions, defineFlow, judge, startTelemetry } from "@tracebook/node";

const [how, ticks] = process.argv.slice(2);
const tick = defineFlow("tick", { stages: ["book_to_signal", "signal_to_risk"] });
await startTelemetry();
for (let at = 0; at < Number(ticks); at++) {
  tick.run({ symbol: "BTC/USDT", strategy: "basis" }, (flow) => {
    flow.mark("book_to_signal");
    decisions.record(judge({ gates: [{ name: "score", score: at % 100, threshold: 50 }] }));
    flow.mark("signal_to_risk");
    flow.stop(at % 100 >= 50 ? "order_submitted" : "gate_failed");
  });
}
process.stdout.write("ready\n");
if (how === "exit") process.exit(7);
if (how === "linger") setInterval(() => {}, 1000);
