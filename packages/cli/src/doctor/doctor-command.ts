// `tracebook doctor`: is telemetry set up as it should be, and does every destination take a signal?
import { parseArguments, positiveNumber } from "../arguments.ts";
import { CliError } from "../cli-error.ts";
import type { Command, CommandContext, CommandOptions } from "../command.ts";

const DEFAULT_TIMEOUT_MS = 5_000;
const MOST_TIMEOUT_MS = 120_000;

const OPTIONS = {
  env: {
    type: "string",
    valueName: "FILE",
    doc: "look at the variables in this file (NAME=value), and at none of this shell's",
  },
  // Node.js looks for an option of this name behind the script, too: it obeys a NODE_OPTIONS in the file, and ends with code 9 when
  // there is no file. Hence the other name.
  "env-file": { type: "string", valueName: "FILE", doc: "the same; but Node.js itself reads such a file, too" },
  "no-send": { type: "boolean", doc: "check without sending anything" },
  timeout: { type: "string", valueName: "MS", doc: "how long destinations may take, in milliseconds; default 5000" },
  json: { type: "boolean", doc: "one JSON object with everything" },
} as const satisfies CommandOptions;

const DETAILS = `Shows every setting that is in force and where its value came from, checks Node.js, packages,
the folder of the journal and the port of /metrics, and sends one span, one metric and one log
record to where the service would send its own, marked as a test ("tracebook doctor"). Reads the
environment that the service would read: run it in the service's folder and as its user. Starts no
telemetry and disturbs no running service. Secrets are never printed.
Exit codes: 0 all well (warnings aside), 1 something does not work or telemetry is off, 2 a variable
or an argument is wrong.`;

/** The command. */
export const doctorCommand: Command = {
  name: "doctor",
  aliases: [],
  summary: "is telemetry set up well, and does every destination take a signal?",
  usage: "[--env FILE] [--no-send] [--timeout MS] [--json]",
  details: DETAILS,
  options: OPTIONS,
  run,
};

async function run(args: readonly string[], context: CommandContext): Promise<number> {
  const { values, positionals } = parseArguments(args, OPTIONS);
  if (positionals[0] !== undefined) {
    throw new CliError(
      `doctor takes no folder, and "${positionals[0]}" was given`,
      "It looks at TELEMETRY_DIR; for the variables of a service: --env FILE",
    );
  }
  const envFile = values.env ?? values["env-file"];
  if (values.env !== undefined && values["env-file"] !== undefined)
    throw new CliError("--env and --env-file are the same");
  if (envFile === "" || envFile?.includes("\0")) throw new CliError(`--env is "${envFile}"; that is no file name`);
  const { runDoctor } = await import("./run-doctor.ts");
  return runDoctor(
    {
      envFile,
      noSend: values["no-send"] === true,
      json: values.json === true,
      timeoutMs:
        values.timeout === undefined
          ? DEFAULT_TIMEOUT_MS
          : Math.ceil(positiveNumber("timeout", values.timeout, MOST_TIMEOUT_MS)),
    },
    context,
  );
}
