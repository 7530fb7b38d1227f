// `tracebook alerts export` and `import`: the rules of a store as a rule file of Prometheus, and back.
import { writeFileSync } from "node:fs";
import { toTimestamp } from "@tracebook/core";
import { CliError, EXIT } from "../cli-error.ts";
import { withStore } from "../with-store.ts";
import { type AlertTask, readText, required } from "./alert-task.ts";

/** The task that writes one. */
export const exportTask: AlertTask = {
  name: "export",
  usage: "--prometheus FILE [--db FILE]",
  summary: "writes the rules of a store as a rule file of Prometheus; notes say what has no equal there",
  options: ["prometheus", "db"],
  async run(_, typed, context) {
    const file = required("export", "prometheus", typed.prometheus);
    const { fromStoredRule, toPrometheusRules } = await import("@tracebook/alerts");
    const rows = await withStore({ db: typed.db }, context, (store) => store.alerts.rules());
    const { yaml, left_out, notes } = toPrometheusRules(
      rows.filter(({ problem }) => problem === null).map(fromStoredRule),
    );
    for (const { rule_id, remark } of left_out) context.note(`${rule_id} is left out: ${remark}`);
    for (const { rule_id, remark } of notes) context.note(`${rule_id}: ${remark}`);
    if (file === "-") await context.stdout.write(yaml);
    else writeText(file, yaml);
    return left_out.length === 0 ? EXIT.ok : EXIT.negative;
  },
};

/** The task that reads one. */
export const importTask: AlertTask = {
  name: "import",
  usage: "--prometheus FILE [--db FILE]",
  summary: "writes the alerts of a rule file of Prometheus as rules of a store; notes say which not, and why",
  options: ["prometheus", "db"],
  async run(_, typed, context) {
    const file = required("import", "prometheus", typed.prometheus);
    const { AlertRuleError, fromPrometheusRules, toStoredRule } = await import("@tracebook/alerts");
    try {
      const { rules, refused } = fromPrometheusRules(readText(file));
      const now = toTimestamp(Date.now() * 1_000);
      await withStore({ db: typed.db }, context, async (store) => {
        for (const rule of rules) await store.alerts.saveRule(toStoredRule(rule, now));
      });
      for (const { path, name, reason } of refused) context.note(`${path} (${name}) is left out: ${reason}`);
      await context.stdout.write(`${rules.length} of ${rules.length + refused.length} rules are in the store\n`);
      return refused.length === 0 ? EXIT.ok : EXIT.negative;
    } catch (error) {
      if (error instanceof AlertRuleError) throw new CliError(`${file} is no rule file`, error.message);
      throw error;
    }
  },
};

function writeText(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (error) {
    throw new CliError(
      `${path} cannot be written: ${(error as NodeJS.ErrnoException).code ?? (error as Error).message}`,
    );
  }
}
