// Disks that are soon full: a tmpfs of some size, in a mount namespace of our own, so that nothing stays mounted whatever happens.
import { spawnSync } from "node:child_process";
import { closeSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { scratchFolder } from "./workspace.mjs";

/** Set in the process that runs in the namespace. */
const MARK = "TRACEBOOK_STAGE_MAY_MOUNT";

/**
 * Runs this program again where it may mount, and ends with its exit code; returns in that process. Returns false in the first one
 * when this user may not mount anything.
 */
export function enterMountNamespace() {
  if (process.env[MARK] !== undefined) return true;
  const flags = [["-m"], ["-r", "-m"]].find((some) => spawnSync("unshare", [...some, "true"]).status === 0);
  if (flags === undefined) return false;
  const args = [...flags, process.execPath, ...process.argv.slice(1)];
  const ended = spawnSync("unshare", args, { stdio: "inherit", env: { ...process.env, [MARK]: "1" } });
  process.exit(ended.status ?? 1);
}

/** Mounts an empty disk of `mebibytes`, read-only if told so; gone with this process. */
export function mountDisk(mebibytes, { isReadOnly = false } = {}) {
  const dir = scratchFolder("disk");
  mount("-t", "tmpfs", "-o", `${isReadOnly ? "ro" : "rw"},size=${mebibytes}m,mode=0755`, "tmpfs", dir);
  const filler = join(dir, "filler");
  // Before the folder goes.
  process.prependListener("exit", () => spawnSync("umount", ["-l", dir]));
  return {
    dir,
    /** Writes until nothing fits any more; returns how many bytes did. */
    fill: () => fill(filler),
    free: () => rmSync(filler),
  };
}

function mount(...args) {
  const ended = spawnSync("mount", args, { encoding: "utf8" });
  if (ended.status !== 0) throw new Error(`mount ${args.join(" ")}: ${ended.error?.message ?? ended.stderr}`);
}

function fill(file) {
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

function writeUntilFull(descriptor, piece) {
  let bytes = 0;
  for (;;) {
    try {
      bytes += writeSync(descriptor, piece);
    } catch (error) {
      if (error.code === "ENOSPC") return bytes;
      throw error;
    }
  }
}
