// `tracebook alerts standard`: the rules that come with the product, as a file to begin with.
import { CliError, EXIT } from "../cli-error.ts";
import { renderTable } from "../text-table.ts";
import type { AlertTask } from "./alert-task.ts";

/** The task. */
export const standardTask: AlertTask = {
  name: "standard",
  usage: "[--yaml] [--prefix NAME] [--signal-prefix NAME]",
  summary: "the standard rules for a trading service; --yaml: as a file of rules to edit and to give to a desk",
  options: ["yaml", "prefix", "signal-prefix"],
  async run(_, { yaml, prefix, "signal-prefix": signalPrefix }, { stdout, paint }) {
    const { standardAlertRules, standardRulesFile } = await import("@tracebook/alerts");
    try {
      const options = { prefix, signalPrefix };
      if (yaml === true) await stdout.write(standardRulesFile(options));
      else {
        const rows = standardAlertRules(options).map(({ rule_name, severity, for_seconds, labels, annotations }) => [
          rule_name,
          severity,
          `${for_seconds} s`,
          labels["team"] ?? "",
          annotations["description"] ?? "",
        ]);
        const columns = ["rule", "severity", "for", "team", "what"].map((title) => ({ title }));
        await stdout.write(
          renderTable(columns, rows, paint)
            .map((line) => `${line}\n`)
            .join(""),
        );
      }
      return EXIT.ok;
    } catch (error) {
      if ((error as { readonly code?: string }).code !== "invalid_option") throw error;
      throw new CliError(error instanceof Error ? error.message : String(error));
    }
  },
};
