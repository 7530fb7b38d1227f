// The commands, in the order of help.
import { alertsCommand } from "./alerts/alerts-command.ts";
import { cleanupCommand } from "./cleanup/cleanup-command.ts";
import type { Command } from "./command.ts";
import { doctorCommand } from "./doctor/doctor-command.ts";
import { exportCommand } from "./export/export-command.ts";
import { queryCommand } from "./query/query-command.ts";
import { replayCommand } from "./replay/replay-command.ts";
import { serveCommand } from "./serve/serve-command.ts";
import { summarizeCommand } from "./summarize/summarize-command.ts";
import { verifyCommand } from "./verify/verify-command.ts";
import { whatifCommand } from "./whatif/whatif-command.ts";

/** All commands but `help`, which is about them. */
export const COMMANDS: readonly Command[] = [
  summarizeCommand,
  verifyCommand,
  replayCommand,
  whatifCommand,
  queryCommand,
  exportCommand,
  cleanupCommand,
  alertsCommand,
  serveCommand,
  doctorCommand,
];

/** The command of a name or alias. */
export function findCommand(name: string): Command | undefined {
  return COMMANDS.find((command) => command.name === name || command.aliases.includes(name));
}
