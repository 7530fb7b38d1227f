// Packages of npm that stages want and nobody else does: fetched once, into .cache, one folder a version.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./workspace.mjs";

/** The folder whose `node_modules` has `name` at `version`; it gets its final name when it is complete. None of its scripts is run. */
export function npmPackage(name, version) {
  const folder = join(root, ".cache", "packages", `${name}-${version}`);
  if (existsSync(folder)) return folder;
  const draft = `${folder}.${process.pid}`;
  mkdirSync(draft, { recursive: true });
  writeFileSync(join(draft, "package.json"), '{ "private": true }\n');
  const flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock", "--loglevel=error"];
  const ended = spawnSync("npm", ["install", ...flags, `${name}@${version}`], { cwd: draft, encoding: "utf8" });
  if (ended.status !== 0) throw new Error(`npm install ${name}@${version}: ${ended.error?.message ?? ended.stderr}`);
  try {
    renameSync(draft, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error; // else another process was quicker, and its copy is as good
    rmSync(draft, { recursive: true });
  }
  return folder;
}
