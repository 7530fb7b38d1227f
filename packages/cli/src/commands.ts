// The commands, in the order of help.
import type { Command } from "./command.ts";
import { doctorCommand } from "./doctor/doctor-command.ts";
import { replayCommand } from "./replay/replay-command.ts";
import { summarizeCommand } from "./summarize/summarize-command.ts";
import { verifyCommand } from "./verify/verify-command.ts";

/** All commands but `help`, which is about them. */
export const COMMANDS: readonly Command[] = [summarizeCommand, verifyCommand, replayCommand, doctorCommand];

/** The command of a name or alias. */
export function findCommand(name: string): Command | undefined {
  return COMMANDS.find((command) => command.name === name || command.aliases.includes(name));
}
