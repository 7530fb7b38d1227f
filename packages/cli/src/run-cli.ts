// From arguments to an exit code: finds the command, runs it, and puts what goes wrong into words.
import { JournalError } from "@tracebook/journal";
import { CliError, EXIT } from "./cli-error.ts";
import type { CliIo } from "./cli-io.ts";
import type { CommandContext } from "./command.ts";
import { COMMANDS, findCommand } from "./commands.ts";
import { readConfig } from "./config.ts";
import { renderHelp, renderOverview } from "./help.ts";
import { nearestName } from "./nearest-name.ts";
import { createPaint } from "./paint.ts";
import { printable } from "./printable.ts";
import { readVersion } from "./version.ts";

/**
 * Runs `tracebook` with the given arguments (without `node` and the script) and resolves to its exit code: 0 for yes, 1 for no (no
 * data, a journal that is not clean, a destination that takes no signal), 2 for wrong arguments or variables and files that cannot be
 * read, 130 and 143 for a replay that was interrupted. Never rejects, never ends the process.
 *
 * @example
 * const exitCode = await runCli(["verify", "./telemetry", "--json"], { stdout, stderr });
 */
export async function runCli(argv: readonly string[], io: CliIo): Promise<number> {
  const context = createContext(io);
  try {
    for (const problem of context.config.problems) context.note(problem);
    return await dispatch(argv, context, io);
  } catch (error) {
    return report(error, context);
  }
}

function createContext(io: CliIo): CommandContext {
  const config = readConfig(io.env);
  return {
    config,
    stdout: io.stdout,
    paint: createPaint(config.color && io.stdout.isTTY),
    note: (text) => void io.stderr.write(`tracebook: ${printable(text)}\n`),
    interruption: io.interruption ?? (() => new AbortController().signal),
  };
}

async function dispatch(argv: readonly string[], context: CommandContext, io: CliIo): Promise<number> {
  const [name, ...rest] = argv;
  const { stdout, paint } = context;
  if (name === undefined) {
    await io.stderr.write(renderOverview(COMMANDS, createPaint(context.config.color && io.stderr.isTTY)));
    return EXIT.failed;
  }
  if (name === "--version" || name === "-v" || name === "-V") {
    await stdout.write(`${readVersion()}\n`);
    return EXIT.ok;
  }
  const isHelp = name === "help" || isHelpFlag(name);
  const asked = isHelp ? rest.find((arg) => !arg.startsWith("-")) : name;
  if (asked === undefined || asked === "help") {
    await stdout.write(renderOverview(COMMANDS, paint));
    return EXIT.ok;
  }
  const command = findCommand(asked);
  if (command === undefined) throw unknownCommand(asked);
  if (!isHelp && !asksForHelp(rest)) return command.run(rest, context);
  await stdout.write(renderHelp(command, paint));
  return EXIT.ok;
}

function unknownCommand(name: string): CliError {
  if (name.startsWith("-")) return new CliError(`${name} comes before any command`, "Try: tracebook help");
  const names = COMMANDS.flatMap((command) => [command.name, ...command.aliases]);
  const nearest = nearestName(name, [...names, "help"]);
  const hint = nearest === undefined ? "Try: tracebook help" : `Did you mean "${nearest}"?`;
  return new CliError(`there is no command "${printable(name, 64)}"`, hint);
}

function isHelpFlag(arg: string): boolean {
  return arg === "--help" || arg === "-h";
}

function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf("--");
  return (end < 0 ? args : args.slice(0, end)).some(isHelpFlag);
}

function report(error: unknown, { note }: CommandContext): number {
  if (error instanceof CliError) {
    note(error.message);
    if (error.hint !== undefined) for (const line of error.hint.split("\n")) note(line);
    return error.exitCode;
  }
  if (error instanceof JournalError) note(error.message);
  else note(isSystemError(error) ? error.message : `this should not have happened: ${textOf(error)}`);
  return EXIT.failed;
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "syscall" in error;
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
