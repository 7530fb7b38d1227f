// `tracebook serve`: the desk by itself: store, API, live feed, page, and OTLP in.
import type { Desk } from "@tracebook/server";
import { STORE_ERRORS, StoreError } from "@tracebook/store";
import { parseArguments } from "../arguments.ts";
import { CliError, EXIT } from "../cli-error.ts";
import type { Command, CommandContext, CommandOptions } from "../command.ts";
import { printableJson } from "../printable.ts";
import { adviseOnPassword } from "../shown-password.ts";
import { toDeskOptions } from "./serve-options.ts";

const OPTIONS = {
  db: {
    type: "string",
    valueName: "FILE",
    doc: "the database, made when it is not there; or postgres://..., http://...",
  },
  alerts: {
    type: "string",
    valueName: "FILE",
    doc: 'where alerts are kept beside a ClickHouse (http://...), a file or postgres://...; default "./telemetry/alerts.db"',
  },
  journal: { type: "string", valueName: "DIR", doc: "read this journal into the store, and go on while it grows" },
  host: { type: "string", valueName: "H", doc: "the address to listen on; any but a loopback one needs a token" },
  port: { type: "string", valueName: "N", doc: "default 8790, or one of the nine above; 0: any" },
  token: { type: "string", valueName: "T", doc: "what requests must bring; better in TELEMETRY_DESK_TOKEN" },
  "allowed-host": {
    type: "string",
    multiple: true,
    valueName: "H",
    doc: "a further name it is reached by (several: again)",
  },
  "events-retention": { type: "string", valueName: "AGE", doc: "how long events are kept: 90d, 12w; default forever" },
  "traces-retention": { type: "string", valueName: "AGE", doc: "how long spans are kept; default 30d" },
  "metrics-retention": { type: "string", valueName: "AGE", doc: "how long metrics are kept; default 180d" },
  title: { type: "string", valueName: "T", doc: "what the page calls itself" },
  json: { type: "boolean", doc: "say the address as a JSON line, for scripts" },
} as const satisfies CommandOptions;

const DETAILS = `Runs until Ctrl-C or SIGTERM, and then ends what is under way; a second signal ends it at once. Other processes send
OTLP over HTTP to it: OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:8790. Options win over TRACEBOOK_DB, TELEMETRY_STORE_PATH,
TELEMETRY_ALERTS_STORE_PATH, TELEMETRY_DESK_HOST, _PORT, _TOKEN, _ALLOWED_HOSTS and TELEMETRY_EVENTS_RETENTION_DAYS,
_TRACES_, _METRICS_. TELEMETRY_STORE_USER and TELEMETRY_STORE_PASSWORD are those of a ClickHouse whose URL names none.
TELEMETRY_ALERT_RULES_FILE and TELEMETRY_ALERT_NOTIFICATIONS_FILE name the rules of alerts and who is told.
Exit codes: 0 when it was ended, 2 for wrong arguments or variables, a port that is taken, or a database that cannot
be opened.`;

/** The command. */
export const serveCommand: Command = {
  name: "serve",
  aliases: ["desk"],
  summary: "the desk: store, API and live page on this machine, and OTLP in",
  usage: "[--db FILE] [--journal DIR] [--host H] [--port N] [OPTIONS]",
  details: DETAILS,
  options: OPTIONS,
  run,
};

async function run(args: readonly string[], context: CommandContext): Promise<number> {
  const { values, positionals } = parseArguments(args, OPTIONS);
  if (positionals.length > 0)
    throw new CliError(
      `"${positionals[0]}" is no option`,
      "A database is given as --db FILE, a journal as --journal DIR.",
    );
  adviseOnPassword(values.db, context.note);
  const interrupted = context.interruption();
  const desk = await open(values, context);
  try {
    if (desk.url === "") throw new CliError(desk.health().problems.at(-1) ?? "the desk cannot listen", "Try: --port 0");
    const { url } = desk;
    await context.stdout.write(values.json ? `${printableJson({ url })}\n` : `The desk is open at ${url}\n`);
    if (!interrupted.aborted)
      await new Promise<void>((resolve) => interrupted.addEventListener("abort", () => resolve(), { once: true }));
  } finally {
    await desk.close();
  }
  return EXIT.ok;
}

/** The desk knows the database by its own variable alone. */
function environmentOf({ env, storePath }: CommandContext["config"]): CommandContext["config"]["env"] {
  return env["TRACEBOOK_DB"] ? { ...env, TELEMETRY_STORE_PATH: storePath } : env;
}

async function open(values: Parameters<typeof toDeskOptions>[0], { config, note }: CommandContext): Promise<Desk> {
  const onLine = (line: string) => note(line.replace(/^tracebook /, ""));
  // Loaded here: no other command needs what a server is made of, and all would start later for it.
  const { DeskError, openDesk } = await import("@tracebook/server");
  try {
    return await openDesk({ ...toDeskOptions(values), onLine }, environmentOf(config));
  } catch (error) {
    if (error instanceof DeskError) throw new CliError(error.message);
    if (error instanceof StoreError) throw new CliError(error.problem.replace(/\.$/, ""), STORE_ERRORS[error.code]);
    throw error;
  }
}
