// Many exporters in one process, each sending ten spans to a route of its own, where it gets an answer of its own.
// node answers.ts OBSERVER SINK_URL DIR ROUTE ...; the run of a route is its place in the list, from 1.
import { join } from "node:path";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { BatchSpanProcessor, type SpanExporter, TracerProvider } from "@opentelemetry/sdk-trace";
import { createDurableSpanExporter } from "@tracebook/exporters";
import { parentOf } from "../bot/parent-context.ts";
import { SPANS_A_ROUTE } from "../cases/answer-table.ts";
import { numberedTraceId } from "../harness/numbered-id.ts";

const [observer, sinkUrl = "", dir = "", ...routes] = process.argv.slice(2);
/** What the exporters have said, by route. */
const said: Record<string, string[]> = {};
const durable = new Map<string, ReturnType<typeof createDurableSpanExporter>>();

function createExporter(route: string): SpanExporter {
  const url = `${sinkUrl}/${route}/v1/traces`;
  if (observer === "stock") return new OTLPTraceExporter({ url });
  const lines: string[] = [];
  said[route] = lines;
  const exporter = createDurableSpanExporter({
    url,
    spoolDir: join(dir, route),
    onProblem: (line) => void lines.push(line),
  });
  durable.set(route, exporter);
  return exporter;
}

const providers = routes.map((route, i) => {
  const processor = new BatchSpanProcessor({ exporter: createExporter(route), scheduledDelayMillis: 10 });
  const provider = new TracerProvider({ spanProcessors: [processor] });
  const tracer = provider.getTracer("answers");
  for (let n = 0; n < SPANS_A_ROUTE; n++) tracer.startSpan("burst", {}, parentOf(numberedTraceId(i + 1, n))).end();
  return provider;
});

function health() {
  return {
    said,
    lanes: Object.fromEntries([...durable].map(([route, exporter]) => [route, exporter.health()[0]])),
  };
}

process.on("message", async (message) => {
  const { id, order } = message as { id: number; order: "health" | "end" };
  if (order === "end") await Promise.allSettled(providers.map((provider) => provider.shutdown()));
  process.send?.({ id, answer: health() });
});
process.once("disconnect", () => process.exit());
