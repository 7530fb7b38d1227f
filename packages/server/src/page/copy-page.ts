// Copies the built page into the package, with what it is compressed to: run by `build`, after the server itself was built.
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";

const from = fileURLToPath(new URL("./dist/", import.meta.resolve("@tracebook/web/package.json")));
const to = fileURLToPath(new URL("../../dist/web/", import.meta.url));

if (!existsSync(join(from, "index.html"))) throw new Error(`${from} has no index.html: build @tracebook/web first.`);
cpSync(from, to, { recursive: true });
for (const entry of readdirSync(to, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !/\.(?:css|js|json|svg|txt)$/.test(entry.name)) continue;
  const path = join(entry.parentPath, entry.name);
  const bytes = readFileSync(path);
  writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
  writeFileSync(`${path}.br`, brotliCompressSync(bytes));
}
