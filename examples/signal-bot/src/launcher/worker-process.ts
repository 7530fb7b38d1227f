// One of the processes: started with telemetry in place before its first import, heard by messages, ended with patience.
import { type ChildProcess, fork } from "node:child_process";
import type { LauncherMessage, ServiceMessage } from "../shared/messages.ts";

/** How a process is started. */
export interface WorkerProcessOptions {
  readonly name: string;
  /** Absolute path of its main module. */
  readonly entry: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** False for what is not ours to observe. */
  readonly observed: boolean;
}

/** A running process. */
export interface WorkerProcess<Report> {
  /** Resolves with what others need to reach it; rejects when it fails or ends before. */
  readonly ready: Promise<Readonly<Record<string, number>>>;
  /** Resolves with what went wrong, undefined for a clean end, when the process is gone. */
  readonly exited: Promise<string | undefined>;
  /** The latest report. */
  report(): Report | undefined;
  send(message: LauncherMessage): void;
  /** Asks the process to end; after `patienceMs` milliseconds it is killed. Resolves when it is gone. */
  stop(patienceMs: number): Promise<void>;
}

const REGISTER = import.meta.resolve("@tracebook/node/register");

/** Starts a process. What it prints goes to our stderr: our stdout is for the summary. */
export function startWorkerProcess<Report>(options: WorkerProcessOptions): WorkerProcess<Report> {
  const child: ChildProcess = fork(options.entry, [], {
    env: { ...process.env, ...options.env },
    execArgv: [...process.execArgv, ...(options.observed ? ["--import", REGISTER] : [])],
    stdio: ["ignore", 2, 2, "ipc"],
    // A terminal's Ctrl-C goes to the whole group: then every process would end by itself, in any order.
    detached: true,
  });
  let failure: string | undefined;
  let report: Report | undefined;
  const exited = new Promise<string | undefined>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("exit", (code, signal) =>
      resolve(failure ?? (code === 0 ? undefined : `${options.name} ended with ${code ?? signal}`)),
    );
  });
  const ready = new Promise<Readonly<Record<string, number>>>((resolve, reject) => {
    child.on("message", (message: ServiceMessage) => {
      if (message.type === "ready") resolve(message.ports);
      if (message.type === "status" || message.type === "ended") report = message.report as Report;
      if (message.type === "failed") failure = message.message;
    });
    void exited.then((why) => reject(new Error(why ?? `${options.name} ended by itself`)));
  });
  ready.catch(() => {});
  const send = (message: LauncherMessage): void => {
    if (child.connected) child.send(message, () => {});
  };
  return {
    ready,
    exited,
    report: () => report,
    send,
    async stop(patienceMs) {
      if (child.exitCode !== null || child.signalCode !== null) return;
      send({ type: "stop" });
      const timer = setTimeout(() => child.kill("SIGKILL"), patienceMs);
      await exited;
      clearTimeout(timer);
    },
  };
}
