// Disks that are soon full: a tmpfs of some size, in the mount namespace of the harness.
import { spawnSync } from "node:child_process";
import { closeSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";

/** A mounted disk. */
export interface SmallDisk {
  /** Writes until nothing fits any more; returns how many bytes did. */
  fill(): number;
  /** Removes what `fill` wrote. */
  free(): void;
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
