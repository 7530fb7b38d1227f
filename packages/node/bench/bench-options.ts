// What the command line of the benchmark asks for.
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { VARIANT_NAMES, type VariantName } from "./variant-names.ts";

/** How the benchmark is run. */
export interface BenchOptions {
  readonly quick: boolean;
  /** The folder that gets `bench-results.json`. */
  readonly outDir: string;
  readonly rounds: number;
  /** What is measured; ratios that lack a side are left out. */
  readonly variants: readonly VariantName[];
  readonly warmUpMs: number;
  readonly flatMs: number;
  /** Ticks of the paced phase in one round. All rounds together have at least 20,000. */
  readonly pacedTicks: number;
  readonly startupRuns: number;
}

/** Shown with `--help` and after a mistake. */
export const USAGE = `npm run bench -- [--quick] [--out DIR] [--rounds N] [--variants NAME,NAME]
  --quick      within five minutes: shorter phases, fewer ticks a round
  --out        folder for bench-results.json (default: where npm was called)
  --rounds     how often all variants take their turn, 1 to 100 (default 5)
  --variants   measure only these, of ${VARIANT_NAMES.join(", ")}`;

const FULL = { warmUpMs: 1_500, flatMs: 3_000, pacedTicks: 20_000, startupRuns: 25 };
const QUICK = { warmUpMs: 700, flatMs: 1_200, pacedTicks: 4_000, startupRuns: 15 };

/** Reads the arguments; undefined when help was asked for. Throws on what it does not know. */
export function parseBenchOptions(args: readonly string[]): BenchOptions | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: "boolean", default: false },
      out: { type: "string" },
      rounds: { type: "string", default: "5" },
      variants: { type: "string", default: VARIANT_NAMES.join(",") },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return undefined;
  // npm changes into the root of the workspace; INIT_CWD is where its user stands.
  const userDir = process.env["INIT_CWD"] ?? process.cwd();
  return {
    quick: values.quick,
    outDir: resolve(userDir, values.out ?? "."),
    rounds: parseRounds(values.rounds),
    variants: parseVariants(values.variants),
    ...(values.quick ? QUICK : FULL),
  };
}

function parseRounds(text: string): number {
  const rounds = Number(text);
  if (Number.isInteger(rounds) && rounds >= 1 && rounds <= 100) return rounds;
  throw new Error(`--rounds is "${text}", not a whole number from 1 to 100`);
}

function parseVariants(text: string): readonly VariantName[] {
  const asked = text.split(",");
  const unknown = asked.find((name) => !(VARIANT_NAMES as readonly string[]).includes(name));
  if (unknown !== undefined) throw new Error(`--variants has "${unknown}": not one of ${VARIANT_NAMES.join(", ")}`);
  return VARIANT_NAMES.filter((name) => asked.includes(name));
}
