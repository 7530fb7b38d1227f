// `tracebook alerts check`: whether rules and channels can work, before a desk is told of them.
import { CliError, EXIT } from "../cli-error.ts";
import type { CommandContext } from "../command.ts";
import { printable, printableJson } from "../printable.ts";
import { withStore } from "../with-store.ts";
import { type AlertTask, readText, type TypedAlerts } from "./alert-task.ts";

/** What is wrong with a file. */
interface FileProblem {
  readonly file: string;
  readonly problem: string;
}

/** What the check has found. */
interface CheckAnswer {
  readonly rules: readonly string[];
  readonly channels: readonly string[];
  readonly problems: readonly FileProblem[];
}

/** The task. */
export const checkTask: AlertTask = {
  name: "check",
  usage: "[FILE] [--notifications FILE] [--db FILE]",
  summary: "whether rules and channels can work; with --db also whether the store knows metrics and events",
  options: ["notifications", "db", "json"],
  takes: "FILE",
  async run(file, typed, context) {
    const { notifications, json } = typed;
    if (file === undefined && notifications === undefined)
      throw new CliError("check needs a file of rules, or --notifications FILE");
    const rules = file === undefined ? undefined : await checkRules(file, typed, context);
    const channels = notifications === undefined ? undefined : await checkNotifications(notifications, context);
    const problems = [...(rules?.problems ?? []), ...(channels?.problems ?? [])];
    const answer: CheckAnswer = { rules: rules?.names ?? [], channels: channels?.names ?? [], problems };
    if (json === true) await context.stdout.write(`${printableJson(answer, 2)}\n`);
    else await context.stdout.write(toText(answer));
    return problems.length === 0 ? EXIT.ok : EXIT.negative;
  },
};

interface Checked {
  readonly names: readonly string[];
  readonly problems: readonly FileProblem[];
}

async function checkRules(file: string, { db }: TypedAlerts, context: CommandContext): Promise<Checked> {
  const { AlertRuleError, parseAlertRules } = await import("@tracebook/alerts");
  const text = readText(file);
  const catalogue =
    db === undefined
      ? {}
      : await withStore({ db }, context, async ({ alertFeed }) => ({
          metrics: await alertFeed.knownMetrics(),
          eventTypes: await alertFeed.knownEventTypes(),
        }));
  try {
    return { names: parseAlertRules(text, catalogue).map(({ rule_id }) => rule_id), problems: [] };
  } catch (error) {
    if (!(error instanceof AlertRuleError)) throw error;
    return { names: [], problems: error.message.split("\n").map((problem) => ({ file, problem })) };
  }
}

async function checkNotifications(file: string, { config }: CommandContext): Promise<Checked> {
  const { AlertChannelError, parseNotificationConfig } = await import("@tracebook/alerts");
  const text = readText(file);
  try {
    const { channels } = parseNotificationConfig(text, { environment: config.env });
    return { names: [...channels.keys()], problems: [] };
  } catch (error) {
    if (!(error instanceof AlertChannelError)) throw error;
    return { names: [], problems: error.problem.split("\n").map((problem) => ({ file, problem })) };
  }
}

function toText({ rules, channels, problems }: CheckAnswer): string {
  const wrong = problems.map(({ file, problem }) => `${printable(`${file}: ${problem}`)}\n`);
  const right = [countOf(rules, "rule"), countOf(channels, "channel")].filter((line) => line !== "");
  return wrong.length > 0 ? wrong.join("") : `${right.join(", ")}: nothing is wrong\n`;
}

function countOf(names: readonly string[], what: string): string {
  return names.length === 0 ? "" : `${names.length} ${what}${names.length === 1 ? "" : "s"}`;
}
