// Processes of their own with a spool.
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

/** A running process; it ends with its test at the latest. */
export interface SpoolProcess {
  readonly process: ChildProcessByStdio<Writable, Readable, Readable>;
  /** Resolves when it has said a line that contains `text`; rejects with all output when it ends before. */
  said(text: string): Promise<void>;
  /** Kills it, as the system does: no handler runs. */
  kill(): Promise<void>;
  /** Resolves at its end with the last line it said. */
  lastLine(): Promise<string>;
}

/** Starts `test/fixtures/spool-process.ts`. */
export function startSpoolProcess(...args: readonly string[]): SpoolProcess {
  const program = fileURLToPath(new URL("./fixtures/spool-process.ts", import.meta.url));
  const child = spawn(process.execPath, ["--conditions=@tracebook/source", program, ...args], {
    stdio: ["pipe", "pipe", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let output = "";
  const hear = (chunk: Buffer): void => {
    output += chunk.toString("utf8");
  };
  child.stdout.on("data", hear);
  child.stderr.on("data", hear);
  const ended = once(child, "close");
  return {
    process: child,
    async said(text) {
      while (!output.includes(text)) {
        const isOver = await Promise.race([once(child.stdout, "data").then(() => false), ended.then(() => true)]);
        if (isOver && !output.includes(text)) throw new Error(`ended without ${text}:\n${output}`);
      }
    },
    async kill() {
      child.kill("SIGKILL");
      await ended;
    },
    async lastLine() {
      await ended;
      return output.trimEnd().split("\n").at(-1) ?? "";
    },
  };
}
