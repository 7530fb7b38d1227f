// Programs of others that a run starts for itself: started in a folder that goes with the run, ended with it whatever happens.
import { spawn } from "node:child_process";
import type { UserIds } from "./program-search.ts";

/** A server that runs for as long as the run. */
export interface ServerProgram {
  /** Ends it; resolves when it is gone. */
  stop(): Promise<void>;
}

/** How a program is started. */
export interface ServerProgramOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** The signal that ends it quickly and cleanly. */
  readonly endSignal: "INT" | "TERM";
  /** Whether it takes connections. */
  readonly isReady: () => Promise<boolean>;
  /** Ends the wait, and the program with it. */
  readonly signal: AbortSignal;
  readonly user?: UserIds;
}

const READY_MS = 20_000;
const POLL_MS = 50;
const PATIENCE_MS = 8_000;
/**
 * The shell ends when the server does, with its code. Beside it a second one waits for standard input to end, which it also does
 * when this process is killed, and takes the server with it.
 */
const GUARD = `exec 3<&0
"$@" </dev/null 3<&- & server=$!
(cat <&3; kill -s "$0" $server) >/dev/null 2>&1 & guard=$!
exec 3<&-
wait $server; code=$?
kill $guard 2>/dev/null
exit $code`;

/** Starts a server and resolves when it is ready; rejects with what it said when it ends before, is not in time, or `signal` is aborted. */
export async function startServerProgram(options: ServerProgramOptions): Promise<ServerProgram> {
  const { command, args, cwd, endSignal, isReady, signal, user } = options;
  signal.throwIfAborted();
  const child = spawn("sh", ["-c", GUARD, endSignal, command, ...args], {
    ...{ cwd, stdio: ["pipe", "pipe", "pipe"], detached: true, env: { ...process.env, LC_ALL: "C" } },
    ...user,
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => {
      said = (said + chunk.toString("utf8")).slice(-4_000);
    });
  const gone = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(`could not be started (${error.message})`));
    // And all it said is here.
    child.once("close", (code, endedBy) => resolve(`ended with ${code ?? endedBy}`));
  });
  child.stdin.on("error", () => {});
  const stop = async (): Promise<void> => {
    child.stdin.end();
    const timer = setTimeout(() => killGroup(child.pid), PATIENCE_MS);
    await gone;
    clearTimeout(timer);
  };
  const over = new AbortController();
  void gone.then(() => over.abort());
  const problem = await Promise.race([gone, becomesReady(isReady, AbortSignal.any([signal, over.signal]))]);
  if (problem === undefined) return { stop };
  await stop();
  signal.throwIfAborted();
  throw new Error(`${command} ${problem} before it was ready: ${said.trim().split("\n").slice(-3).join(" | ")}`);
}

/** Runs a program to its end. Rejects with what it said on stderr when it fails, and when `signal` has ended it. */
export function runProgram(
  command: string,
  args: readonly string[],
  { cwd, user, signal }: { readonly cwd: string; readonly user: UserIds | undefined; readonly signal: AbortSignal },
): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    // A group of its own: a terminal's Ctrl-C goes to us alone.
    const child = spawn(command, args, {
      ...{ cwd, stdio: ["ignore", "ignore", "pipe"], detached: true, env: { ...process.env, LC_ALL: "C" } },
      ...user,
    });
    const end = (): boolean => child.kill("SIGTERM");
    signal.addEventListener("abort", end, { once: true });
    let said = "";
    child.stderr.on("data", (chunk: Buffer) => {
      said = (said + chunk.toString("utf8")).slice(-4_000);
    });
    child.once("error", reject);
    child.once("close", (code, endedBy) => {
      signal.removeEventListener("abort", end);
      if (code === 0) resolve();
      else reject(signal.reason ?? new Error(`${command} ended with ${code ?? endedBy}: ${said.trim()}`));
    });
  });
}

/** Resolves with nothing when the server is ready, with the problem when it is not in time or nobody waits any more. */
async function becomesReady(isReady: () => Promise<boolean>, signal: AbortSignal): Promise<string | undefined> {
  const deadlineMs = performance.now() + READY_MS;
  const aborted = new Promise<boolean>((resolve) => {
    signal.addEventListener("abort", () => resolve(false), { once: true });
  });
  while (!(await Promise.race([isReady(), aborted]))) {
    if (signal.aborted) return "was ended";
    if (performance.now() > deadlineMs) return `gave no answer in ${READY_MS / 1e3} s,`;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  return undefined;
}

function killGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGKILL");
  } catch {
    // ESRCH: it has just gone.
  }
}
