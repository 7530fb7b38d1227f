// What a store costs: requests taken in a second, and questions answered over millions of events.
// Run: node --conditions=@tracebook/source packages/store/bench/main.ts [--only ingest|queries] [--seconds 10] [--mix decisions,events,spans]
//   [--batch 512] [--in-flight 8] [--events 1000000] [--decisions 100000] [--spans 250000] [--database FILE] [--runs 40] [--dir FOLDER] [--out FILE]
import { writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { DatabaseSync } from "node:sqlite";
import { parseArgs } from "node:util";
import { type IngestFigures, measureIngest } from "./ingest.ts";
import { measureQueries, type QueryFigures } from "./queries.ts";
import type { Mix } from "./sample-records.ts";

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    mix: { type: "string", default: "decisions,events,spans" },
    seconds: { type: "string", default: "10" },
    batch: { type: "string", default: "512" },
    "in-flight": { type: "string", default: "8" },
    events: { type: "string", default: "1000000" },
    decisions: { type: "string", default: "100000" },
    spans: { type: "string", default: "250000" },
    database: { type: "string" },
    runs: { type: "string", default: "40" },
    dir: { type: "string" },
    out: { type: "string" },
  },
});

const sqlite = new DatabaseSync(":memory:").prepare("SELECT sqlite_version() AS version").get() as { version: string };
const machine = {
  node: process.version,
  sqlite: sqlite.version,
  cpu: `${cpus()[0]?.model} x ${cpus().length}`,
  load: loadavg()
    .map((one) => one.toFixed(1))
    .join(" "),
};
console.log(`Node ${machine.node}, SQLite ${machine.sqlite}, ${machine.cpu}, load ${machine.load}`);
const ingest: IngestFigures[] = [];
if (values.only !== "queries")
  for (const mix of values.mix.split(",") as Mix[]) {
    const figures = await measureIngest({
      mix,
      seconds: Number(values.seconds),
      batch: Number(values.batch),
      inFlight: Number(values["in-flight"]),
      dir: values.dir,
    });
    ingest.push(figures);
    console.log(describeIngest(figures));
  }
let queries: QueryFigures | undefined;
if (values.only !== "ingest") {
  queries = await measureQueries({
    events: Number(values.events),
    decisions: Number(values.decisions),
    spans: Number(values.spans),
    runs: Number(values.runs),
    database: values.database,
    dir: values.dir,
    say: console.log,
  });
  for (const { name, p50Ms, p95Ms, maxMs } of queries.questions)
    console.log(`${name.padEnd(58)} p50 ${ms(p50Ms)}  p95 ${ms(p95Ms)}  max ${ms(maxMs)}`);
}
if (values.out !== undefined)
  writeFileSync(values.out, `${JSON.stringify({ machine, ingest, queries }, undefined, 2)}\n`);

function describeIngest(figures: IngestFigures): string {
  const { mix, itemBytes, itemsPerSecond, cpuMicrosPerItem, hostCpuMicrosPerItem, slowestSecond, fileBytes } = figures;
  const { items, written, refused, rows, counted, isConserved } = figures;
  return [
    `${mix} of ${itemBytes.toFixed(0)} bytes: ${itemsPerSecond.toFixed(0)}/s, slowest second ${slowestSecond}, CPU ${cpuMicrosPerItem.toFixed(1)} us each (host's thread ${hostCpuMicrosPerItem.toFixed(1)})`,
    `  accepted ${items} = written ${written} + refused ${refused}; rows ${rows}, counted ${counted}: ${isConserved ? "conserved" : "NOT CONSERVED"}; ${(fileBytes / written).toFixed(0)} bytes each on disk`,
  ].join("\n");
}

function ms(value: number): string {
  return `${value.toFixed(value < 10 ? 2 : 1).padStart(7)} ms`;
}
