// Programs beside the tests, run from their source.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

/** How a program ended. */
export interface ChildEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What runs a program of `test/fixtures` by its source. */
export function commandOf(fixture: string, args: readonly string[]): readonly string[] {
  const program = fileURLToPath(new URL(`./fixtures/${fixture}.ts`, import.meta.url));
  return [process.execPath, "--conditions=@tracebook/source", "--no-warnings", program, ...args];
}

/** Starts a command, which is killed after the test at the latest. */
export function startChild(command: readonly string[]) {
  const child = spawn(command[0]!, command.slice(1), { stdio: ["pipe", "pipe", "pipe"] });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => {
    stdout += String(chunk);
  });
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += String(chunk);
  });
  const ended = once(child, "close").then(
    ([code, signal]): ChildEnd => ({
      code: code as number | null,
      signal: signal as NodeJS.Signals | null,
      stdout,
      stderr,
    }),
  );
  return { child, ended };
}

/** Runs a program of `test/fixtures` to its end. */
export function runFixture(fixture: string, args: readonly string[]): Promise<ChildEnd> {
  return startChild(commandOf(fixture, args)).ended;
}
