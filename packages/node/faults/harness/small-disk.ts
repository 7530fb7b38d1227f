// Disks that are soon full: a tmpfs of some size, in a mount namespace of our own, so that nothing stays mounted whatever happens.
import { spawnSync } from "node:child_process";
import { closeSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";

/** Set in the process that runs in the namespace. */
const MARK = "TRACEBOOK_STAGE_MAY_MOUNT";

/** A mounted disk. */
export interface SmallDisk {
  /** Writes until nothing fits any more; returns how many bytes did. */
  fill(): number;
  /** Removes what `fill` wrote. */
  free(): void;
}

/**
 * Runs this program again where it may mount, and ends with its exit code; returns in that process. Returns false in the first one
 * when this user may not mount anything.
 */
export function enterMountNamespace(): boolean {
  if (process.env[MARK] !== undefined) return true;
  const flags = [["-m"], ["-r", "-m"]].find((some) => spawnSync("unshare", [...some, "true"]).status === 0);
  if (flags === undefined) return false;
  const args = [...flags, process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  const ended = spawnSync("unshare", args, { stdio: "inherit", env: { ...process.env, [MARK]: "1" } });
  process.exit(ended.status ?? 1);
}

/** Mounts an empty disk of `mebibytes` on an empty folder, read-only if told so; gone with this process. */
export function mountSmallDisk(dir: string, mebibytes: number, isReadOnly = false): SmallDisk {
  mount("-t", "tmpfs", "-o", `${isReadOnly ? "ro" : "rw"},size=${mebibytes}m,mode=0755`, "tmpfs", dir);
  const filler = join(dir, "filler");
  // Before the folder goes.
  process.prependListener("exit", () => spawnSync("umount", ["-l", dir]));
  return { fill: () => fill(filler), free: () => rmSync(filler) };
}

function mount(...args: readonly string[]): void {
  const ended = spawnSync("mount", args, { encoding: "utf8" });
  if (ended.status !== 0) throw new Error(`mount ${args.join(" ")}: ${ended.error?.message ?? ended.stderr}`);
}

function fill(file: string): number {
  const descriptor = openSync(file, "w");
  let bytes = 0;
  try {
    // Big pieces first, then single pages, so that nothing is left.
    for (const piece of [Buffer.alloc(1 << 20), Buffer.alloc(4096)]) bytes += writeUntilFull(descriptor, piece);
  } finally {
    closeSync(descriptor);
  }
  return bytes;
}

function writeUntilFull(descriptor: number, piece: Buffer): number {
  let bytes = 0;
  for (;;) {
    try {
      bytes += writeSync(descriptor, piece);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOSPC") return bytes;
      throw error;
    }
  }
}
