// Writes the dashboards, under the names of your application if told so:
//   node --conditions=@tracebook/source collector/src/dashboards/write.ts [--prefix basis_] [--signal-prefix webhook_] [--out DIR]
import { mkdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { collectorPath } from "../collector-path.ts";
import { dashboardFiles } from "./dashboard-files.ts";

const { values } = parseArgs({
  options: {
    prefix: { type: "string" },
    "signal-prefix": { type: "string" },
    out: { type: "string", default: collectorPath("grafana/dashboards") },
  },
});
mkdirSync(values.out, { recursive: true });
for (const { path, text } of dashboardFiles({ prefix: values.prefix, signalPrefix: values["signal-prefix"] }))
  writeFileSync(join(values.out, basename(path)), text);
