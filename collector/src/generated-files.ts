// Everything in collector/ that is made from code.
import { dashboardFiles } from "./dashboards/dashboard-files.ts";
import { withBlock } from "./generated-block.ts";
import type { GeneratedFile } from "./generated-file.ts";
import { readCoreLists } from "./redaction/core-lists.ts";
import { redactionLines } from "./redaction/redaction-block.ts";
import { ruleFiles } from "./rules/rule-files.ts";
import type { NamePrefixes } from "./wire-names.ts";

/** All generated files as they must lie in `collector/`; other prefixes than the default are for deployments of one application. */
export function generatedFiles(prefixes: NamePrefixes = {}): GeneratedFile[] {
  const redaction = redactionLines(readCoreLists());
  return [
    withBlock("otelcol.yaml", "redaction", redaction),
    withBlock("scale-out/gateway.yaml", "redaction", redaction),
    ...ruleFiles(prefixes),
    ...dashboardFiles(prefixes),
  ];
}
