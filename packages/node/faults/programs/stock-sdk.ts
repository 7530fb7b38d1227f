// Preloaded: the stock SDK with its instrumentations of http and fetch, as its documentation sets them up; spans stay in memory.
import { register } from "node:module";
import { HttpInstrumentation } from "@opentelemetry/instrumentation-http";
import { UndiciInstrumentation } from "@opentelemetry/instrumentation-undici";
import { NodeSDK } from "@opentelemetry/sdk-node";
import { InMemorySpanExporter } from "@opentelemetry/sdk-trace";

register("@opentelemetry/instrumentation/hook.mjs", import.meta.url);
// Without an exporter it would make no spans, and send no `traceparent`.
new NodeSDK({
  traceExporter: new InMemorySpanExporter(),
  instrumentations: [new HttpInstrumentation(), new UndiciInstrumentation()],
}).start();
