// Builds the page before the browser tests, when it is older than its source.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { join, resolve } from "node:path";

const web = resolve(import.meta.dirname, "../../../web");

/** What vitest calls once before all files of the project. */
export function setup(): void {
  const built = join(web, "dist", "index.html");
  const inputs = ["src", "public", "index.html", "vite.config.ts"].map((name) => join(web, name));
  const decisions = resolve(web, "../decisions/src");
  if (existsSync(built) && statSync(built).mtimeMs > Math.max(...[...inputs, decisions].map(newestIn))) return;
  // Whoever serves the page at this moment must not find half of it.
  const fresh = join(web, `dist.${process.pid}`);
  const vite = join(web, "node_modules/vite/bin/vite.js");
  const args = [vite, "build", "--logLevel", "warn", "--emptyOutDir", "--outDir", fresh];
  // Vitest's own NODE_ENV would put the React of developers into the page.
  const env = { ...process.env, NODE_ENV: "production" };
  const { status } = spawnSync(process.execPath, args, { cwd: web, env, stdio: ["ignore", "inherit", "inherit"] });
  if (status !== 0) throw new Error("the page could not be built; see the lines above");
  rmSync(join(web, "dist"), { recursive: true, force: true });
  renameSync(fresh, join(web, "dist"));
}

function newestIn(path: string): number {
  if (!statSync(path).isDirectory()) return statSync(path).mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newestIn(join(path, name))));
}
