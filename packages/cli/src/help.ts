// Help texts, made from the commands themselves.
import type { Command, CommandOption } from "./command.ts";
import type { Paint } from "./paint.ts";

/** The overview of all commands. */
export function renderOverview(commands: readonly Command[], paint: Paint): string {
  const rows = commands.map(({ name, summary }) => [name, summary] as const);
  return [
    `${paint.bold("tracebook")}: reads what a trading service recorded, and checks where it goes`,
    "",
    "Usage: tracebook COMMAND [OPTIONS] [DIR]",
    "",
    paint.bold("Commands"),
    ...table([...rows, ["help [COMMAND]", "what a command does and takes"]]),
    "",
    paint.bold("Everywhere"),
    ...table([
      ["DIR", 'the folder that holds data/events and logs; default: TELEMETRY_DIR, or "."'],
      [
        "--db FILE",
        'the database of the store; default: TRACEBOOK_DB, TELEMETRY_STORE_PATH, or "./telemetry/telemetry.db"',
      ],
      ["--help", "the help of a command"],
      ["--version", "the version"],
    ]),
    "",
    "Results go to stdout, notes to stderr. NO_COLOR is respected.",
    "",
  ].join("\n");
}

/** The help of one command. */
export function renderHelp(command: Command, paint: Paint): string {
  const { name, aliases, summary, usage, details, options } = command;
  const rows = Object.entries(options).map(([option, entry]) => [flagOf(option, entry), entry.doc] as const);
  return [
    `${paint.bold(`tracebook ${name}`)}: ${summary}`,
    "",
    `Usage: tracebook ${name} ${usage}`,
    ...(aliases.length > 0 ? [`Also:  ${aliases.join(", ")}`] : []),
    "",
    paint.bold("Options"),
    ...table(rows),
    "",
    details,
    "",
  ].join("\n");
}

function flagOf(name: string, option: CommandOption): string {
  const flag = option.short === undefined ? `--${name}` : `-${option.short}, --${name}`;
  return option.type === "boolean" ? flag : `${flag} ${option.valueName ?? "VALUE"}`;
}

function table(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}
