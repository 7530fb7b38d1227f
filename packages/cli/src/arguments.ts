// Reads the arguments of a command, and says in plain words what is wrong with them.
import { parseArgs } from "node:util";
import { CliError } from "./cli-error.ts";
import type { CommandOptions } from "./command.ts";
import { nearestName } from "./nearest-name.ts";

type Parsed<T extends CommandOptions> = ReturnType<
  typeof parseArgs<{ args: string[]; options: T; allowPositionals: true; strict: true }>
>;

/** Reads arguments by the options of a command. Throws `CliError` naming the argument that is wrong and what was probably meant. */
export function parseArguments<T extends CommandOptions>(args: readonly string[], options: T): Parsed<T> {
  refuseWrongOptions([...args], options);
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (!code?.startsWith("ERR_PARSE_ARGS")) throw error;
    throw new CliError(message.split("\n")[0]!);
  }
}

/** The one folder or file that a command may be given; undefined when none was. */
export function optionalPath(positionals: readonly string[]): string | undefined {
  const [path, second] = positionals;
  if (second !== undefined) throw new CliError(`one folder is enough, and "${second}" is the second`);
  if (path === "" || path?.includes("\0")) throw new CliError(`"${path}" is no folder name`);
  return path;
}

/** A number from an option. Throws `CliError` unless it is above 0 and at most `most`. */
export function positiveNumber(option: string, text: string, most: number): number {
  const value = /^(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
  if (value > 0 && value <= most) return value;
  throw new CliError(`--${option} is "${text}"; it must be a number above 0 and at most ${most}`);
}

function refuseWrongOptions(args: string[], options: CommandOptions): void {
  const { tokens } = parseArgs({ args, options, allowPositionals: true, strict: false, tokens: true });
  const seen = new Set<string>();
  for (const token of tokens) {
    if (token.kind !== "option") continue;
    const { name, rawName, value, inlineValue } = token;
    const option = Object.hasOwn(options, name) ? options[name] : undefined;
    if (option === undefined || !(rawName.startsWith("--") || option.short === rawName.slice(1)))
      throw unknownOption(rawName, options);
    if (option.type === "boolean" && value !== undefined) throw new CliError(`${rawName} takes no value`);
    if (option.type === "string") {
      const isNextOption = inlineValue === false && value.startsWith("-") && value !== "-";
      if (value === undefined || isNextOption) throw missingValue(rawName, option.valueName, value);
    }
    if (seen.has(name) && option.multiple !== true) throw new CliError(`${rawName} is given twice`);
    seen.add(name);
  }
}

function unknownOption(rawName: string, options: CommandOptions): CliError {
  const nearest = nearestName(rawName.replace(/^-+/, ""), Object.keys(options));
  return new CliError(`there is no option ${rawName}`, nearest && `Did you mean --${nearest}?`);
}

function missingValue(rawName: string, valueName = "VALUE", next: string | undefined): CliError {
  if (next === undefined) return new CliError(`${rawName} needs a value: ${rawName} ${valueName}`);
  return new CliError(
    `${rawName} needs a value, and ${next} looks like the next option`,
    `If it is the value: ${rawName}=${next}`,
  );
}
