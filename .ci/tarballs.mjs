// Packs the public packages and looks at what is in the tarballs.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { run } from "./program.mjs";

const root = resolve(import.meta.dirname, "..");
/** What a tarball may hold besides dist/. CHANGELOG.md comes with the first release that changesets writes. */
const allowedFiles = /^package\/(dist\/[^ ]+|README\.md|LICENSE|CHANGELOG\.md|package\.json)$/;
const neededFiles = ["package/README.md", "package/LICENSE", "package/package.json"];
const testFiles = /\.(test|test-d|bench)\.|\/(testdata|test|bench)\//;

/** Every package that is published: `{ name, folder, manifest }`, later also `tarball`. */
export function publicPackages() {
  return readdirSync(join(root, "packages"))
    .map((name) => join(root, "packages", name))
    .filter((folder) => existsSync(join(folder, "package.json")))
    .map((folder) => ({ folder, manifest: JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) }))
    .filter(({ manifest }) => !manifest.private)
    .map(({ folder, manifest }) => ({ name: manifest.name, folder, manifest, tarball: undefined }));
}

/** Writes the tarballs into `target` and each one's path into its package. */
export function packAll(packages, target) {
  for (const pack of packages) {
    const [packed] = [
      JSON.parse(run("pnpm", ["pack", "--json", "--pack-destination", target], { cwd: pack.folder })),
    ].flat();
    pack.tarball = resolve(target, packed.filename);
  }
  return `${packages.length} tarballs`;
}

/** Throws an error that lists everything wrong with one tarball's files and manifest. */
export function checkContents(pack) {
  const entries = run("tar", ["-tzf", pack.tarball]).trim().split("\n");
  const wrong = [
    ...entries
      .filter((file) => !allowedFiles.test(file) || testFiles.test(file))
      .map((file) => `${file} does not belong`),
    ...neededFiles.filter((file) => !entries.includes(file)).map((file) => `${file} is missing`),
    ...manifestFaults(JSON.parse(textOf(pack, "package/package.json"))),
    ...entries.filter((file) => textOf(pack, file).includes(root)).map((file) => `${file} names ${root}`),
  ];
  if (wrong.length > 0) throw new Error(wrong.join("\n"));
  return `${entries.length} files`;
}

/** What only the workspace understands must be gone: its protocol and its export condition. */
function manifestFaults(manifest) {
  const faults = [];
  for (const group of ["dependencies", "peerDependencies", "optionalDependencies"]) {
    for (const [name, range] of Object.entries(manifest[group] ?? {})) {
      if (/^(workspace|link|file):/.test(range)) faults.push(`${group}.${name} is ${range}`);
    }
  }
  if (JSON.stringify(manifest.exports).includes("/src/")) faults.push("exports lead to sources, which are not shipped");
  return faults;
}

function textOf(pack, file) {
  return run("tar", ["-xzOf", pack.tarball, file]);
}
