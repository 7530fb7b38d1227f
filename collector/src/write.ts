// Writes every generated file of collector/, under the names of your application if told so:
//   node --conditions=@tracebook/source collector/src/write.ts [--prefix basis_] [--signal-prefix webhook_] [--out DIR]
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { parseArgs } from "node:util";
import { collectorPath } from "./collector-path.ts";
import { generatedFiles } from "./generated-files.ts";

const { values } = parseArgs({
  options: { prefix: { type: "string" }, "signal-prefix": { type: "string" }, out: { type: "string" } },
});
for (const { path, text } of generatedFiles({ prefix: values.prefix, signalPrefix: values["signal-prefix"] })) {
  const file = resolve(values.out ?? collectorPath("."), path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
