// `tracebook alerts`: rules and channels tried before they are trusted, and the alerts of a store.
import { parseArguments } from "../arguments.ts";
import { CliError } from "../cli-error.ts";
import type { Command, CommandContext } from "../command.ts";
import { nearestName } from "../nearest-name.ts";
import { printable } from "../printable.ts";
import { ALERT_OPTIONS, type AlertOption, type AlertTask, type TypedAlerts } from "./alert-task.ts";
import { backtestTask } from "./backtest-task.ts";
import { checkTask } from "./check-task.ts";
import { listTask } from "./list-task.ts";
import { exportTask, importTask } from "./prometheus-tasks.ts";
import { standardTask } from "./standard-task.ts";
import { testTask } from "./test-task.ts";

const TASKS: readonly AlertTask[] = [checkTask, backtestTask, listTask, testTask, standardTask, exportTask, importTask];

const DETAILS = `Tasks:
${TASKS.map(({ name, usage, summary }) => `  ${name} ${usage}\n      ${summary}`).join("\n")}

Rules and channels are files as docs/alerts.md has them; \${NAME} in a configuration of notifications is a variable
of the environment, and no secret is shown. A desk evaluates rules; this changes nothing but by import.
Exit codes: 0; 1 where something is wrong with a rule or a channel, a test does not arrive, or a rule is left out;
2 for wrong arguments and files that cannot be read.`;

/** The command. */
export const alertsCommand: Command = {
  name: "alerts",
  aliases: ["alert"],
  summary: "rules and channels checked and tried on what was recorded; the alerts of a store",
  usage: "TASK [FILE | CHANNEL] [OPTIONS] [--db FILE]",
  details: DETAILS,
  options: ALERT_OPTIONS,
  run,
};

async function run(args: readonly string[], context: CommandContext): Promise<number> {
  const { values, positionals } = parseArguments(args, ALERT_OPTIONS);
  const [name, given, more] = positionals;
  const task = readTask(name);
  refuseOptions(task, values);
  const extra = task.takes === undefined ? given : more;
  if (extra !== undefined)
    throw new CliError(`"${printable(extra, 64)}" is too much`, `Usage: ${task.name} ${task.usage}`);
  return task.run(given, values, context);
}

function readTask(name: string | undefined): AlertTask {
  const names = TASKS.map((task) => task.name);
  const list = `Tasks: ${names.join(", ")}`;
  if (name === undefined) throw new CliError("there is no task", list);
  const task = TASKS.find((one) => one.name === name);
  if (task !== undefined) return task;
  const nearest = nearestName(name, names);
  throw new CliError(
    `there is no task "${printable(name, 64)}"`,
    nearest === undefined ? list : `Did you mean "${nearest}"?`,
  );
}

/** An option that is not looked at would be taken for one that was. */
function refuseOptions({ name, options }: AlertTask, typed: TypedAlerts): void {
  const wrong = (Object.keys(typed) as AlertOption[]).find((option) => !options.includes(option));
  if (wrong === undefined) return;
  throw new CliError(`${name} does not take --${wrong}`, `It takes ${options.map((one) => `--${one}`).join(", ")}.`);
}
