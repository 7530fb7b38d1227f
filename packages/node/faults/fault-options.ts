// What the command line of the fault harness asks for.
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import type { CaseForm } from "./fault-case.ts";

/** How the harness is run. */
export interface FaultOptions extends CaseForm {
  /** The folder that gets `faults-results.json`. */
  readonly outDir: string;
  readonly seed: number;
  /** Ids of the cases to run; undefined: all. */
  readonly cases: readonly string[] | undefined;
  /** Writes the table of docs/faults.md from the results in `outDir`, and runs nothing. */
  readonly writesDocs: boolean;
}

const SEED = 1;
const SOAK_MINUTES = 60;
const MAX_SOAK_MINUTES = 1_440;

/** Shown with `--help` and after a mistake. */
export const USAGE = `npm run faults -- [--full [--minutes N]] [--case ID,ID] [--seed N] [--out DIR] [--docs]
  --full    the long forms (hours, which it tells first); without it each case takes at most a minute
  --minutes length of the long form of the soak, case 12 (default ${SOAK_MINUTES})
  --case    only these, such as 3,3b,6,desk-1
  --seed    of everything that is drawn (default ${SEED})
  --out     folder for faults-results.json, where new results take the place of older ones of the same case (default: where npm was called)
  --docs    runs nothing: writes the table in docs/faults.md from the results in --out`;

/** Reads the arguments; undefined when help was asked for. Throws on what it does not know. */
export function parseFaultOptions(args: readonly string[], known: readonly string[]): FaultOptions | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      full: { type: "boolean", default: false },
      minutes: { type: "string" },
      case: { type: "string" },
      seed: { type: "string" },
      out: { type: "string" },
      docs: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return undefined;
  if (values.minutes !== undefined && !values.full)
    throw new Error("--minutes is for the long form of the soak: --full");
  // npm changes into the root of the workspace; INIT_CWD is where its user stands.
  const userDir = process.env["INIT_CWD"] ?? process.cwd();
  return {
    isFull: values.full,
    soakMinutes: values.minutes === undefined ? SOAK_MINUTES : parseMinutes(values.minutes),
    outDir: resolve(userDir, values.out ?? "."),
    seed: values.seed === undefined ? SEED : parseSeed(values.seed),
    cases: values.case === undefined ? undefined : parseCases(values.case, known),
    writesDocs: values.docs,
  };
}

function parseSeed(text: string): number {
  const seed = Number(text);
  if (/^\d+$/.test(text) && seed < 2 ** 32) return seed;
  throw new Error(`--seed is "${text}", not a whole number below 4294967296`);
}

function parseMinutes(text: string): number {
  const minutes = Number(text);
  if (/^\d+$/.test(text) && minutes >= 1 && minutes <= MAX_SOAK_MINUTES) return minutes;
  throw new Error(`--minutes is "${text}", not a whole number from 1 to ${MAX_SOAK_MINUTES}`);
}

function parseCases(text: string, known: readonly string[]): readonly string[] {
  const asked = text.split(",");
  const unknown = asked.find((id) => !known.includes(id));
  if (unknown !== undefined) throw new Error(`--case has "${unknown}": not one of ${known.join(", ")}`);
  return asked;
}
