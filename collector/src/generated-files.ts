// Everything in collector/ that is made from code.
import { dashboardFiles } from "./dashboards/dashboard-files.ts";
import { withBlock } from "./generated-block.ts";
import type { GeneratedFile } from "./generated-file.ts";
import { readCoreLists } from "./redaction/core-lists.ts";
import { redactionLines } from "./redaction/redaction-block.ts";
import { type RuleFilesOptions, ruleFiles } from "./rules/rule-files.ts";

/** All generated files as they must lie in `collector/`; other options than the default are for deployments of one application. */
export function generatedFiles(options: RuleFilesOptions = {}): GeneratedFile[] {
  const redaction = redactionLines(readCoreLists());
  return [
    withBlock("otelcol.yaml", "redaction", redaction),
    withBlock("scale-out/gateway.yaml", "redaction", redaction),
    ...ruleFiles(options),
    ...dashboardFiles(options),
  ];
}
