// What the command line of the benchmark asks for.
import { resolve } from "node:path";
import { parseArgs } from "node:util";

const PARTS = ["ingest", "api", "live", "load"] as const;

/** What can be measured. */
export type Part = (typeof PARTS)[number];

/** How the benchmark is run. */
export interface BenchOptions {
  readonly parts: readonly Part[];
  /** How long requests are sent, and how long events are followed into the page. */
  readonly seconds: number;
  /** How long the memory of the page is watched. */
  readonly minutes: number;
  /** What the database is made of that the API is asked about. */
  readonly events: number;
  readonly decisions: number;
  readonly spans: number;
  /** One that is there already, or is to stay. */
  readonly database: string | undefined;
  /** How often each question is asked. */
  readonly runs: number;
  /** Rows in the list of the page when it is scrolled. */
  readonly rows: number;
  readonly out: string | undefined;
}

/** Shown with `--help` and after a mistake. */
export const USAGE = `npm run bench:desk -- [--only PART] [--seconds N] [--minutes N] [--events N] [--decisions N] [--spans N] [--database FILE] [--out FILE]
  --only       one of ${PARTS.join(", ")} (default: all)
  --seconds    ingest, live: how long is sent, 2 to 3600 (default 10)
  --minutes    live: how long the memory of the page is watched, 0 to 120 (default 10)
  --events     api: plain events in the database (default 1000000)
  --decisions  api: decisions beside them (default 100000)
  --spans      api: spans (default 250000)
  --database   api: use this database and keep it; made when it is not there (default: one that is gone afterwards)
  --runs       api: how often each question is asked, 5 to 10000 (default 40)
  --rows       live: rows in the list when it is scrolled, 1000 to 100000 (default 100000)
  --out        write the figures to this file, as JSON`;

/** Reads the arguments; undefined when help was asked for. Throws on what it does not know. */
export function parseBenchOptions(args: readonly string[]): BenchOptions | undefined {
  const text = { type: "string" } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: text,
      seconds: text,
      minutes: text,
      events: text,
      decisions: text,
      spans: text,
      database: text,
      runs: text,
      rows: text,
      out: text,
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return undefined;
  // npm changes into the root of the workspace; INIT_CWD is where its user stands.
  const pathOf = (path: string | undefined) =>
    path === undefined ? undefined : resolve(process.env["INIT_CWD"] ?? process.cwd(), path);
  return {
    parts: parseParts(values.only),
    seconds: parseNumber("seconds", values.seconds, 10, 2, 3_600),
    minutes: parseNumber("minutes", values.minutes, 10, 0, 120),
    events: parseCount("events", values.events, 1_000_000, 1_000, 100_000_000),
    decisions: parseCount("decisions", values.decisions, 100_000, 100, 100_000_000),
    spans: parseCount("spans", values.spans, 250_000, 100, 100_000_000),
    database: pathOf(values.database),
    runs: parseCount("runs", values.runs, 40, 5, 10_000),
    rows: parseCount("rows", values.rows, 100_000, 1_000, 100_000),
    out: pathOf(values.out),
  };
}

function parseParts(only: string | undefined): readonly Part[] {
  if (only === undefined) return PARTS;
  const part = PARTS.find((one) => one === only);
  if (part !== undefined) return [part];
  throw new Error(`--only is "${only}", not one of ${PARTS.join(", ")}`);
}

function parseNumber(name: string, text: string | undefined, fallback: number, least: number, most: number): number {
  const value = text === undefined ? fallback : text.trim() === "" ? Number.NaN : Number(text);
  if (value >= least && value <= most) return value;
  throw new Error(`--${name} is "${text}", not a number from ${least} to ${most}`);
}

function parseCount(name: string, text: string | undefined, fallback: number, least: number, most: number): number {
  const value = parseNumber(name, text, fallback, least, most);
  if (Number.isInteger(value)) return value;
  throw new Error(`--${name} is "${text}", not a whole number`);
}
