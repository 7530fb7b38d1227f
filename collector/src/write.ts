// Writes every generated file of collector/, under the names of your application if told so:
//   node --conditions=@tracebook/source collector/src/write.ts [--prefix basis_] [--signal-prefix webhook_]
//     [--runbooks-url https://wiki.internal/runbooks] [--out DIR]
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { parseArgs } from "node:util";
import { collectorPath } from "./collector-path.ts";
import { generatedFiles } from "./generated-files.ts";

const { values } = parseArgs({
  options: {
    prefix: { type: "string" },
    "signal-prefix": { type: "string" },
    "runbooks-url": { type: "string" },
    out: { type: "string" },
  },
});
const { prefix, "signal-prefix": signalPrefix, "runbooks-url": runbooksUrl } = values;
for (const { path, text } of generatedFiles({ prefix, signalPrefix, runbooksUrl })) {
  const file = resolve(values.out ?? collectorPath("."), path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
