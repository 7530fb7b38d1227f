// A process of the benchmark that takes orders and answers each: the handle on it, and what it is made of.
import { fork } from "node:child_process";

/** A forked process. */
export interface Child<Order> {
  /** Rejects when the process cannot do it, or ends before it answers. */
  ask<Answer>(order: Order): Promise<Answer>;
  /** Resolves when it has ended: one that nobody holds ends by itself. */
  end(): Promise<void>;
}

/** What configures telemetry or Node.js, and would change a figure. */
const CONFIGURES = /^(TELEMETRY_|OTEL_|NODE_OPTIONS$|NODE_V8_COVERAGE$|ENVIRONMENT$)/;

interface Reply {
  readonly id: number;
  readonly answer?: never;
  readonly error?: string;
}

/** Forks `module`, with the options of Node.js that this process has. What it says is said here. Bytes travel as they are. */
export function startChild<Order>(module: URL, name: string): Child<Order> {
  const env = Object.fromEntries(Object.entries(process.env).filter(([key]) => !CONFIGURES.test(key)));
  const child = fork(module, { env, serialization: "advanced", stdio: ["ignore", 2, 2, "ipc"] });
  const waiting = new Map<number, { resolve: (answer: never) => void; reject: (error: Error) => void }>();
  const exit = new Promise<void>((resolve) => {
    child.once("exit", (code, signal) => {
      for (const { reject } of waiting.values()) reject(new Error(`${name} has ended (${signal ?? code})`));
      waiting.clear();
      resolve();
    });
  });
  child.on("message", (message) => {
    const { id, answer, error } = message as Reply;
    const asked = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) asked?.resolve(answer as never);
    else asked?.reject(new Error(`${name}: ${error}`));
  });
  let id = 0;
  return {
    ask: (order) =>
      new Promise((resolve, reject) => {
        if (!child.connected) return reject(new Error(`${name} has ended`));
        waiting.set(++id, { resolve, reject });
        child.send({ id, order });
      }),
    end() {
      if (child.connected) child.disconnect();
      return exit;
    },
  };
}

/** The other side: answers orders with what `obey` resolves with, until the parent is gone. */
export function answerOrders<Order>(obey: (order: Order) => unknown): void {
  process.on("message", (message) => {
    const { id, order } = message as { readonly id: number; readonly order: Order };
    const work = async () => obey(order);
    work().then(
      (answer) => process.send?.({ id, answer }),
      (error: unknown) =>
        process.send?.({ id, error: error instanceof Error ? (error.stack ?? error.message) : error }),
    );
  });
  process.once("disconnect", () => process.exit());
}
