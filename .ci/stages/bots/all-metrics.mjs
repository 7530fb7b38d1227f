// A bot that records every metric of the catalogue that a source system names, serves HTTP and runs flows, until it gets SIGTERM.
import { createServer } from "node:http";
import { decisions, defineFlow, judge, startTelemetry, tradingMetrics } from "@tracebook/node";

const EVERY_MS = 20;
const telemetry = await startTelemetry();
const { catalogue, registry } = tradingMetrics;
const ours = Object.values(catalogue).filter((metric) => metric.recordedBy === undefined && isSeedMetric(metric));
const tick = defineFlow("tick", { stages: ["ws_to_book_update", "book_to_signal", "signal_to_risk", "risk_to_send"] });

const server = createServer((request, response) => {
  request.resume();
  response.end("an answer");
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const url = `http://127.0.0.1:${server.address().port}/`;

const timer = setInterval(() => {
  for (const metric of ours) record(metric);
  runFlow();
  fetch(url, { method: "POST", body: "a question" }).then(
    (answer) => answer.text(),
    () => {},
  );
}, EVERY_MS);

process.on("SIGTERM", async () => {
  clearInterval(timer);
  server.close();
  server.closeAllConnections();
  await telemetry.shutdown();
});

function isSeedMetric({ feature }) {
  return feature >= 21 && feature <= 29;
}

function record(definition) {
  const labels = Object.fromEntries(definition.labels.map((label) => [label, `a ${label}`]));
  const value = Math.random();
  if (definition.kind === "counter") registry.counter(definition).add(1, labels);
  else if (definition.kind === "gauge") registry.gauge(definition).set(value - 0.5, labels);
  else registry.histogram(definition).record(value, labels);
}

function runFlow() {
  tick.run({ symbol: "BTC/USDT", strategy: "all" }, (flow) => {
    flow.mark("ws_to_book_update");
    for (let i = 0; i < Math.random() * 20_000; i++) Math.sqrt(i);
    flow.mark("book_to_signal");
    decisions.record(judge({ gates: [{ name: "min_confluence", score: 80, threshold: 70 }] }));
    flow.mark("signal_to_risk");
    flow.mark("risk_to_send");
    flow.stop("order_submitted");
  });
}
