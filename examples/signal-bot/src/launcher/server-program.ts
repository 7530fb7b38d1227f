// Programs of others that a run starts for itself: found, started in a folder that goes with the run, ended with it whatever happens.
import { execFileSync, spawn } from "node:child_process";
import { accessSync, constants, globSync } from "node:fs";
import { connect as connectSocket, createServer } from "node:net";
import { delimiter, join } from "node:path";

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
  readonly user?: UserIds;
}

/** A user of this machine. */
export interface UserIds {
  readonly uid: number;
  readonly gid: number;
}

const READY_MS = 20_000;
const POLL_MS = 50;
const PATIENCE_MS = 8_000;
/** The shell waits for its standard input to end, which it also does when this process is killed, and takes the server with it. */
const GUARD = '"$@" </dev/null & server=$!; cat >/dev/null; kill -s "$0" $server 2>/dev/null; wait $server';

/** Starts a server and resolves when it is ready; rejects with what it said when it is not in time. */
export async function startServerProgram(options: ServerProgramOptions): Promise<ServerProgram> {
  const { command, args, cwd, endSignal, isReady, user } = options;
  const child = spawn("sh", ["-c", GUARD, endSignal, command, ...args], {
    ...{ cwd, stdio: ["pipe", "pipe", "pipe"], detached: true, env: { ...process.env, LC_ALL: "C" } },
    ...user,
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => {
      said = (said + chunk.toString("utf8")).slice(-4_000);
    });
  const gone = new Promise<void>((resolve) => {
    child.once("error", () => resolve());
    child.once("exit", () => resolve());
  });
  child.stdin.on("error", () => {});
  const stop = async (): Promise<void> => {
    child.stdin.end();
    const timer = setTimeout(() => killGroup(child.pid), PATIENCE_MS);
    await gone;
    clearTimeout(timer);
  };
  const deadlineMs = performance.now() + READY_MS;
  while (!(await isReady())) {
    if (performance.now() > deadlineMs || child.exitCode !== null) {
      await stop();
      throw new Error(`${command} did not start: ${said.trim().split("\n").slice(-3).join(" | ")}`);
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  return { stop };
}

/** Runs a program to its end. Throws with what it said on stderr when it fails. */
export function runProgram(command: string, args: readonly string[], cwd: string, user: UserIds | undefined): void {
  execFileSync(command, args, { cwd, stdio: "pipe", env: { ...process.env, LC_ALL: "C" }, ...user });
}

/** Where a program is: on PATH, or in one of the folders (globs) where packages put it, the newest first; undefined: nowhere. */
export function findProgram(name: string, folders: readonly string[] = []): string | undefined {
  const onPath = (process.env.PATH ?? "").split(delimiter);
  const packaged = folders
    .flatMap((pattern) => globSync(pattern))
    .sort((a, b) => b.localeCompare(a, "en", { numeric: true }));
  return [...onPath, ...packaged].map((folder) => join(folder, name)).find(isExecutable);
}

/** The user `name`; undefined where there is none. */
export function userOf(name: string): UserIds | undefined {
  try {
    const id = (flag: string): number => Number(execFileSync("id", [flag, name], { stdio: "pipe", encoding: "utf8" }));
    return { uid: id("-u"), gid: id("-g") };
  } catch {
    return undefined;
  }
}

/** A port of the loopback interface that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

/** Whether somebody listens there. */
export function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connectSocket({ port, host: "127.0.0.1" });
    const answer = (is: boolean) => (): void => {
      socket.destroy();
      resolve(is);
    };
    socket.once("connect", answer(true));
    socket.once("error", answer(false));
  });
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function killGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGKILL");
  } catch {
    // ESRCH: it has just gone.
  }
}
