// A mount namespace for this program, so that nothing it mounts stays mounted, whatever happens.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";

/** Set in the process that runs in the namespace. */
const MARK = "TRACEBOOK_STAGE_MAY_MOUNT";
/** The exit code of a program that was interrupted. */
export const INTERRUPTED = 130;

/**
 * Runs this program again where it may mount, hands signals on to it, and ends with its exit code; returns true in that process, and
 * false in the first one when this user may not mount anything. Neither process outlives the other.
 */
export async function enterMountNamespace(): Promise<boolean> {
  if (process.env[MARK] !== undefined) {
    process.once("disconnect", () => process.exit(INTERRUPTED));
    // Listening must not keep a program from its end.
    process.channel?.unref();
    return true;
  }
  const flags = [["-m"], ["-r", "-m"]].find((some) => spawnSync("unshare", [...some, "true"]).status === 0);
  if (flags === undefined) return false;
  const args = [...flags, process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  // The channel says nothing; its end says that this process is gone.
  const inside = spawn("unshare", args, {
    stdio: ["inherit", "inherit", "inherit", "ipc"],
    env: { ...process.env, [MARK]: "1" },
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => inside.kill(signal));
  const [code] = (await once(inside, "exit")) as [number | null];
  process.exit(code ?? 1);
}
