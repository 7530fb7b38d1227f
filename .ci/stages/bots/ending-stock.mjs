// The same bot with the stock OpenTelemetry SDK and the signal handler its documentation shows: for comparison only.
import { trace } from "@opentelemetry/api";
import { NodeSDK } from "@opentelemetry/sdk-node";

const ticks = Number(process.argv[3]);
const sdk = new NodeSDK();
sdk.start();
process.on("SIGTERM", () =>
  sdk.shutdown().then(
    () => process.exit(0),
    () => process.exit(1),
  ),
);
const tracer = trace.getTracer("bot");
for (let at = 0; at < ticks; at++)
  tracer.startActiveSpan("tick", (span) => {
    tracer.startSpan("book_to_signal").end();
    tracer.startSpan("signal_to_risk").end();
    span.end();
  });
process.stdout.write("ready\n");
setInterval(() => {}, 1000);
