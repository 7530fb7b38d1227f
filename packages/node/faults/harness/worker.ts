// Processes of the harness that answer questions. Their certain end is in case-scope.ts.
import { fork } from "node:child_process";
import { cleanEnvironment } from "../../bench/clean-environment.ts";

/** A forked process that takes orders and answers each. */
export interface Worker<Order> {
  readonly pid: number;
  /** Rejects when the process ends before it answers. */
  ask<Answer>(order: Order): Promise<Answer>;
  /** Everything on stdout and stderr so far. */
  stdout(): string;
  stderr(): string;
  signal(name: NodeJS.Signals): void;
  readonly exit: Promise<WorkerEnd>;
  /** Disconnects, which ends it, and waits for that. */
  stop(): Promise<WorkerEnd>;
}

/** How a process ended. */
export interface WorkerEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** When, in milliseconds of this process's `performance.now()`. */
  readonly atMs: number;
}

/** What a worker is started with. */
export interface WorkerOptions {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Options of Node.js beyond those that this process has. */
  readonly execArgv?: readonly string[];
}

/** Forks `module`. It answers messages `{ id, order }` with `{ id, answer }` or `{ id, error }`. */
export function startWorker<Order>(module: URL, name: string, options: WorkerOptions = {}): Worker<Order> {
  const { args = [], env = {}, execArgv = [] } = options;
  const child = fork(module, [...args], {
    env: cleanEnvironment(env),
    execArgv: [...process.execArgv, ...execArgv],
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  const heard = { stdout: "", stderr: "" };
  const heardAll = (["stdout", "stderr"] as const).map((stream) => {
    child[stream]?.setEncoding("utf8").on("data", (text: string) => {
      heard[stream] += text;
    });
    return new Promise((resolve) => child[stream]?.once("close", resolve));
  });
  const waiting = new Map<number, { resolve: (answer: never) => void; reject: (error: Error) => void }>();
  const exit = new Promise<WorkerEnd>((resolve) => {
    // The event `close` does not come to a parent that has disconnected.
    child.once("exit", (code, signal) => {
      const atMs = performance.now();
      void Promise.all(heardAll).then(() => ended({ code, signal, atMs }));
    });
    const ended = (end: WorkerEnd): void => {
      for (const { reject } of waiting.values())
        reject(new Error(`${name} has ended (${end.signal ?? end.code})\n${heard.stdout}${heard.stderr}`));
      waiting.clear();
      resolve(end);
    };
  });
  child.on("message", (message) => {
    const { id, answer, error } = message as { id: number; answer?: never; error?: string };
    const asked = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) asked?.resolve(answer as never);
    else asked?.reject(new Error(`${name}: ${error}`));
  });
  let id = 0;
  return {
    pid: child.pid ?? 0,
    ask: (order) =>
      new Promise((resolve, reject) => {
        if (!child.connected) return reject(new Error(`${name} has ended\n${heard.stdout}${heard.stderr}`));
        waiting.set(++id, { resolve, reject });
        child.send({ id, order });
      }),
    stdout: () => heard.stdout,
    stderr: () => heard.stderr,
    signal: (signalName) => void child.kill(signalName),
    exit,
    stop() {
      if (child.connected) child.disconnect();
      return exit;
    },
  };
}
