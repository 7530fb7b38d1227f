// Runs a program for a stage and says what it said when it fails.
import { spawnSync } from "node:child_process";

/** The program's stdout. Throws an error that holds the command and all it printed unless it exits with 0. */
export function run(command, args, options = {}) {
  const ended = spawnSync(command, args, {
    encoding: "utf8",
    maxBuffer: 64 << 20,
    stdio: ["ignore", "pipe", "pipe"],
    ...options,
  });
  if (ended.status === 0) return ended.stdout;
  const how = ended.error?.message ?? ended.signal ?? `exit code ${ended.status}`;
  throw new Error(`${command} ${args.join(" ")} (${how})\n${ended.stdout ?? ""}${ended.stderr ?? ""}`);
}
