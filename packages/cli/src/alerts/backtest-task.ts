// `tracebook alerts backtest`: when rules would have fired, on what a store has.

import type { BacktestResult } from "@tracebook/alerts";
import { toTimestamp } from "@tracebook/core";
import { CliError, EXIT } from "../cli-error.ts";
import type { CommandContext } from "../command.ts";
import type { Paint } from "../paint.ts";
import { printable, printableJson } from "../printable.ts";
import { renderTable } from "../text-table.ts";
import { readTimeSpan } from "../time-range.ts";
import { withStore } from "../with-store.ts";
import { type AlertTask, readText, required } from "./alert-task.ts";

/** What came of one rule. */
interface RuleResult extends BacktestResult {
  readonly rule_id: string;
}

/** The task. */
export const backtestTask: AlertTask = {
  name: "backtest",
  usage: "FILE --from TIME [--to TIME] [--db FILE] [--json]",
  summary: "when each rule of a file would have fired, to the second, by the engine that evaluates live",
  options: ["from", "to", "db", "json"],
  takes: "FILE",
  async run(file, typed, context) {
    if (file === undefined) throw new CliError("backtest needs a file of rules");
    const range = wholeSeconds(required("backtest", "from", typed.from), typed.to);
    const results = await tryRules(file, range, typed.db, context);
    const answer = { start: range.from, end: range.to, rules: results };
    if (typed.json === true) await context.stdout.write(`${printableJson(answer, 2)}\n`);
    else await context.stdout.write(toText(results, context.paint));
    return results.some(({ problem }) => problem !== null) ? EXIT.negative : EXIT.ok;
  },
};

async function tryRules(
  file: string,
  range: { readonly from: string; readonly to: string },
  db: string | undefined,
  context: CommandContext,
): Promise<readonly RuleResult[]> {
  const { AlertRuleError, backtestRule, parseAlertRules } = await import("@tracebook/alerts");
  try {
    const rules = parseAlertRules(readText(file));
    return await withStore({ db }, context, async ({ alertFeed }) => {
      const results: RuleResult[] = [];
      for (const rule of rules)
        results.push({ rule_id: rule.rule_id, ...(await backtestRule(rule, alertFeed, range)) });
      return results;
    });
  } catch (error) {
    if (error instanceof AlertRuleError) throw new CliError(`${file} cannot be tried`, error.message, EXIT.negative);
    if (error instanceof RangeError) throw new CliError(error.message);
    throw error;
  }
}

/** Rules are evaluated at whole seconds. */
function wholeSeconds(from: string, to: string | undefined): { readonly from: string; readonly to: string } {
  const span = readTimeSpan({ from, to }, Date.now());
  const whole = (timestamp: string) => `${timestamp.slice(0, 19)}.000000Z`;
  return { from: whole(span.from as string), to: whole(span.to ?? toTimestamp(Date.now() * 1_000)) };
}

function toText(results: readonly RuleResult[], paint: Paint): string {
  const rows = results.flatMap(({ rule_id, firings }) =>
    firings.map((firing) => [
      rule_id,
      firing.fired_at.slice(0, 19),
      firing.resolved_at?.slice(0, 19) ?? "still",
      firing.peak_value === null ? "" : String(firing.peak_value),
      firing.is_reopened ? "yes" : "",
    ]),
  );
  const columns = ["rule", "fired", "resolved", "peak", "re-opened"].map((title) => ({
    title,
    isNumber: title === "peak",
  }));
  const remarks = results.flatMap(toRemarks);
  const table = rows.length === 0 ? ["Nothing would have fired."] : renderTable(columns, rows, paint);
  return [...table, ...remarks].map((line) => `${line}\n`).join("");
}

function toRemarks({ rule_id, problem, has_flapped: hasFlapped, precision, notifications }: RuleResult): string[] {
  const remarks = [
    problem === null ? undefined : `could not be evaluated: ${problem}`,
    notifications === 0 ? undefined : `${notifications} notification${notifications === 1 ? "" : "s"}`,
    hasFlapped ? "it would have flapped: a longer time window or for_seconds keeps it quiet" : undefined,
    precision === "minute" ? "by whole minutes: single samples of that time are gone" : undefined,
  ];
  return remarks.filter((remark) => remark !== undefined).map((remark) => printable(`${rule_id}: ${remark}`));
}
