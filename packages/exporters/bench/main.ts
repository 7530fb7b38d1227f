// What a scrape of 10,000 series costs: CPU of the process in all, the longest stall of its event loop, by format.
// Run: node --conditions=@tracebook/source bench/main.ts (about 15 s)
import { spawn } from "node:child_process";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { cpus } from "node:os";
import { createMetricRegistry, defineMetric, type MetricRegistry } from "@tracebook/metrics";
import { CONTENT_TYPES, type ExpositionFormat } from "../src/prometheus/accept-header.ts";
import { createPrometheusExposition } from "../src/prometheus/prometheus-exposition.ts";

const SCRAPES = 31;
const ORIGIN = { trace0: 1, trace1: -2, trace2: 3, trace3: -4, span0: 5, span1: -6 };

/** Counters, gauges and histograms with exemplars, `histograms` of them of 16 buckets. */
function registryOf(scalars: number, histograms: number): MetricRegistry {
  const registry = createMetricRegistry({ maxValuesPerLabel: 10_000, maxSeriesPerMetric: 10_000 });
  for (let metric = 0; metric * 1_000 < scalars; metric++) {
    const kind = metric % 2 === 0 ? ("counter" as const) : ("gauge" as const);
    const name = kind === "counter" ? `bench_${metric}_total` : `bench_${metric}`;
    const definition = { name, unit: "1", help: "A figure.", labels: ["symbol", "side", "status"] as const };
    for (let series = 0; series < Math.min(1_000, scalars - metric * 1_000); series++) {
      const labels = [`SYM${series >> 2}/USDT`, series & 1 ? "buy" : "sell", series & 2 ? "filled" : "rejected"];
      if (kind === "counter")
        registry
          .counter(defineMetric({ ...definition, kind }))
          .bindValues(labels)
          .add(series * 1.25);
      else
        registry
          .gauge(defineMetric({ ...definition, kind }))
          .bindValues(labels)
          .set(series * 1.37);
    }
  }
  if (histograms === 0) return registry;
  const durations = registry.histogram(
    defineMetric({
      name: "bench_duration_seconds",
      kind: "histogram",
      unit: "s",
      labels: ["flow", "stage"],
      help: "A duration.",
      bounds: [1e-5, 2.5e-5, 5e-5, 1e-4, 2.5e-4, 5e-4, 1e-3, 2.5e-3, 5e-3, 0.01, 0.025, 0.05, 0.1, 0.25, 1],
    }),
  );
  for (let series = 0; series < histograms; series++) {
    const bound = durations.bindValues([`flow${series % 100}`, `stage${Math.floor(series / 100)}`]);
    for (let i = 0; i < 200; i++) {
      const value = 1e-5 * 1.05 ** ((series + i * 7) % 200);
      bound.record(value);
      bound.noteExemplar(value, Date.now(), ORIGIN);
    }
  }
  return registry;
}

/** A process of its own that scrapes, so that its work is not in the figures; resolves to the size of an answer. */
function scrapeFromOutside(port: number, accept: string, times: number): Promise<number> {
  const program = `const{get}=require("node:http");const agent=new(require("node:http").Agent)({keepAlive:true});let size=0,left=${times};
    const next=()=>left--===0?(console.log(size),process.exit()):get({host:"127.0.0.1",port:${port},agent,headers:{accept:${JSON.stringify(accept)}}},(r)=>{size=0;r.on("data",(c)=>{size+=c.length});r.on("end",next)});next()`;
  const child = spawn(process.execPath, ["-e", program], { stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  child.stdout.on("data", (chunk: Buffer) => {
    said += chunk.toString();
  });
  return new Promise((resolve) => child.on("close", () => resolve(Number(said))));
}

/** Tells, for each answer of a server, the longest time between two turns of the event loop while it was made, milliseconds. */
function watchStalls(server: Server): { stalls: number[]; stop(): void } {
  const stalls: number[] = [];
  let longest = 0;
  let before = performance.now();
  let isOver = false;
  const probe = (): void => {
    const now = performance.now();
    longest = Math.max(longest, now - before);
    before = now;
    if (!isOver) setImmediate(probe);
  };
  setImmediate(probe);
  server.on("request", (_request, response) => {
    longest = 0;
    response.once("finish", () => stalls.push(longest));
  });
  return {
    stalls,
    stop: () => {
      isOver = true;
    },
  };
}

async function measure(what: string, registry: MetricRegistry, format: ExpositionFormat): Promise<void> {
  const exposition = createPrometheusExposition({ registry });
  const server = createServer((request, response) => exposition.handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const accept = CONTENT_TYPES[format];
  await scrapeFromOutside(port, accept, 5);
  const before = process.cpuUsage();
  const size = await scrapeFromOutside(port, accept, SCRAPES);
  const { user, system } = process.cpuUsage(before);
  const cpuMs = (user + system) / 1e3 / SCRAPES;
  // Apart from the other: a probe in every turn is work as well.
  const watch = watchStalls(server);
  await scrapeFromOutside(port, accept, SCRAPES);
  watch.stop();
  const stalls = watch.stalls.sort((a, b) => a - b);
  const [median = 0, worst = 0] = [stalls[stalls.length >> 1], stalls.at(-1)];
  console.log(
    `${what.padEnd(44)} ${format.padEnd(12)} ${cpuMs.toFixed(1).padStart(5)} ms CPU, longest stall of a scrape ${median.toFixed(1)} ms (worst of all ${worst.toFixed(1)}), ${(size / 1024).toFixed(0).padStart(5)} KiB`,
  );
  await new Promise((resolve) => server.close(resolve).closeAllConnections());
}

console.log(`Node ${process.version}, ${cpus()[0]?.model} x ${cpus().length}; ${SCRAPES} scrapes each`);
const registries = [
  ["10,000 series of numbers", registryOf(10_000, 0)],
  ["9,000 numbers, 1,000 histograms of 16", registryOf(9_000, 1_000)],
  ["10,000 samples: 472 numbers, 500 histograms", registryOf(500, 500)],
] as const;
for (const [what, registry] of registries)
  for (const format of ["text", "openmetrics", "protobuf"] as const) await measure(what, registry, format);
