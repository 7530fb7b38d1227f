// Finds installed packages as Node.js would, by the folders above, without loading them.
import { readFileSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";

/** A package that is there. */
export interface InstalledPackage {
  readonly name: string;
  readonly version: string;
  /** Its folder, links resolved. */
  readonly dir: string;
}

const MOST_FOLDERS = 64;

/** The package that an import in `fromDir` would find; undefined when there is none. Never throws. */
export function findPackage(name: string, fromDir: string): InstalledPackage | undefined {
  let dir = fromDir;
  for (let i = 0; i < MOST_FOLDERS; i++) {
    const found = readPackage(name, join(dir, "node_modules", name));
    if (found !== undefined) return found;
    const above = dirname(dir);
    if (above === dir) return undefined;
    dir = above;
  }
  return undefined;
}

function readPackage(name: string, dir: string): InstalledPackage | undefined {
  try {
    const manifest = JSON.parse(readFileSync(join(dir, "package.json"), "utf8")) as { version?: unknown };
    const version = typeof manifest.version === "string" ? manifest.version.slice(0, 64) : "unknown";
    return { name, version, dir: realpathSync(dir) };
  } catch {
    return undefined;
  }
}
