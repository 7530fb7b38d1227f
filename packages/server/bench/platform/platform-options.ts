// What the command line of the benchmark asks for.
import { resolve } from "node:path";
import { parseArgs } from "node:util";

/** What can be measured, in this order. */
export const STAGES = ["postgres-ingest", "postgres-queries", "alerts", "warehouse"] as const;

/** One of them. */
export type StageName = (typeof STAGES)[number];

/** How the benchmark is run. */
export interface PlatformOptions {
  readonly stages: readonly StageName[];
  readonly seconds: number;
  readonly events: number;
  readonly decisions: number;
  readonly runs: number;
  readonly rules: number;
  readonly out: string | undefined;
}

/** Shown with `--help` and after a mistake. */
export const USAGE = `npm run bench:platform -- [--only STAGE] [--seconds N] [--events N] [--decisions N] [--out FILE]
  --only       one of ${STAGES.join(", ")} (default: all)
  --seconds    postgres-ingest, alerts: how long is measured, 2 to 3600 (default 30)
  --events     postgres-queries, warehouse: plain events in the database (default 10000000; postgres-queries takes up to
               26 GiB of the folder for temporary files then)
  --decisions  postgres-queries, warehouse: decisions beside them (default 1000000)
  --runs       postgres-queries: how often each question is asked, 5 to 10000 (default 40)
  --rules      alerts: how many, 100 to 10000 (default 1000)
  --out        write the figures to this file, as JSON`;

/** Reads the arguments; undefined when help was asked for. Throws on what it does not know. */
export function parsePlatformOptions(args: readonly string[]): PlatformOptions | undefined {
  const text = { type: "string" } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: text,
      seconds: text,
      events: text,
      decisions: text,
      runs: text,
      rules: text,
      out: text,
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return undefined;
  return {
    stages: parseStages(values.only),
    seconds: parseCount("seconds", values.seconds, 30, 2, 3_600),
    events: parseCount("events", values.events, 10_000_000, 1_000, 100_000_000),
    decisions: parseCount("decisions", values.decisions, 1_000_000, 0, 100_000_000),
    runs: parseCount("runs", values.runs, 40, 5, 10_000),
    rules: parseCount("rules", values.rules, 1_000, 100, 10_000),
    // npm changes into the root of the workspace; INIT_CWD is where its user stands.
    out: values.out === undefined ? undefined : resolve(process.env["INIT_CWD"] ?? process.cwd(), values.out),
  };
}

function parseStages(only: string | undefined): readonly StageName[] {
  if (only === undefined) return STAGES;
  const stage = STAGES.find((one) => one === only);
  if (stage !== undefined) return [stage];
  throw new Error(`--only is "${only}", not one of ${STAGES.join(", ")}`);
}

function parseCount(name: string, text: string | undefined, fallback: number, least: number, most: number): number {
  const value = text === undefined ? fallback : /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new Error(`--${name} is "${text}", not a whole number from ${least} to ${most}`);
}
