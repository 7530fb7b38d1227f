// How much of a browser's or a cold start's time a package takes: one bundle of its public entry, minified.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "tsup";

/** The size as text. `folder` is where the bundle may be written. */
export async function minifiedSize(pack, folder) {
  await build({
    entry: [join(pack.folder, "dist/index.js")],
    outDir: folder,
    format: "esm",
    minify: true,
    splitting: false,
    silent: true,
    config: false,
    external: Object.keys(pack.manifest.peerDependencies ?? {}),
  });
  const code = readFileSync(join(folder, "index.js"));
  return `${code.length} bytes minified, ${gzipSync(code, { level: 9 }).length} bytes gzipped`;
}
