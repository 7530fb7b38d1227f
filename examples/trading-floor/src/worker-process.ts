/** One of the processes: started with telemetry in place before its first import, heard by messages, ended with patience. */
import { type ChildProcess, fork } from "node:child_process";

/** How a process is started. */
export interface WorkerProcessOptions<Message> {
  readonly name: string;
  /** Absolute path of its main module. */
  readonly entry: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly onMessage: (message: Message) => void;
  /** False: without telemetry of its own. Default true. */
  readonly isObserved?: boolean;
}

/** A running process. */
export interface WorkerProcess {
  readonly name: string;
  readonly pid: number | undefined;
  /** Resolves with the exit code, or the name of the signal, when the process is gone. */
  readonly exited: Promise<number | string>;
  /** Asks the process to end; after `patienceMs` milliseconds it is killed. Resolves when it is gone. */
  stop(patienceMs: number): Promise<void>;
}

const REGISTER = import.meta.resolve("@tracebook/node/register");

/** Starts a process. What it prints on stderr goes to ours; its stdout too, since ours is for the summary. */
export function startWorkerProcess<Message>(options: WorkerProcessOptions<Message>): WorkerProcess {
  const child: ChildProcess = fork(options.entry, [...options.args], {
    env: { ...process.env, ...options.env },
    execArgv: [...process.execArgv, ...(options.isObserved === false ? [] : ["--import", REGISTER])],
    stdio: ["ignore", 2, 2, "ipc"],
    // A terminal's Ctrl-C goes to the whole group: then every process would end by itself, in any order.
    detached: true,
  });
  child.on("message", (message) => {
    if (typeof message === "object" && message !== null) options.onMessage(message as Message);
  });
  const exited = new Promise<number | string>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("exit", (code, signal) => resolve(code ?? signal ?? 1));
  });
  return {
    name: options.name,
    pid: child.pid,
    exited,
    async stop(patienceMs) {
      if (child.exitCode !== null || child.signalCode !== null) return;
      if (child.connected) child.send({ type: "stop" }, () => {});
      const timer = setTimeout(() => child.kill("SIGKILL"), patienceMs);
      await exited;
      clearTimeout(timer);
    },
  };
}
