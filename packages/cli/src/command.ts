// What a command is made of.
import type { CliOutput } from "./cli-io.ts";
import type { CliConfig } from "./config.ts";
import type { Paint } from "./paint.ts";

/** One option: how it is read, and what help says about it. */
export interface CommandOption {
  readonly type: "string" | "boolean";
  readonly multiple?: boolean;
  /** One letter that stands for it: `o` for `-o`. */
  readonly short?: string;
  /** What stands for the value in help; only for options that take one. */
  readonly valueName?: string;
  readonly doc: string;
}

/** The options of a command by name, in the order of help. */
export type CommandOptions = Readonly<Record<string, CommandOption>>;

/** What a command works with. */
export interface CommandContext {
  readonly stdout: CliOutput;
  /** Prints a line on stderr; the text may be anything. */
  readonly note: (text: string) => void;
  readonly config: CliConfig;
  /** The colours of stdout. */
  readonly paint: Paint;
  /** Makes Ctrl-C abort the signal instead of ending the process. */
  readonly interruption: () => AbortSignal;
}

/** One command of `tracebook`. */
export interface Command {
  readonly name: string;
  /** Other names it answers to. */
  readonly aliases: readonly string[];
  /** One line for the list of commands. */
  readonly summary: string;
  /** What follows the name: `[--json] [DIR]`. */
  readonly usage: string;
  /** Paragraphs for its help, lines broken. */
  readonly details: string;
  readonly options: CommandOptions;
  /** Runs it; resolves to the exit code. Throws `CliError` to end early. */
  readonly run: (args: readonly string[], context: CommandContext) => Promise<number>;
}
