/** The exchange as its own process, for tests: forked as the launcher forks it. */
import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";

/** A message of the exchange to its parent. */
export interface ExchangeMessage {
  readonly type: string;
  readonly spotPort?: number;
  readonly usdmPort?: number;
  readonly frames?: number;
  readonly badLines?: number;
  readonly message?: string;
}

/** A forked exchange. */
export interface ExchangeProcess {
  readonly child: ChildProcess;
  /** The first message of a type, past or to come; rejects when the process ends without it. */
  message(type: string): Promise<ExchangeMessage>;
  /** Resolves with exit code and signal. */
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
}

/** Starts the exchange with a command line. */
export function forkExchange(args: readonly string[]): ExchangeProcess {
  const child = fork(join(import.meta.dirname, "../main.ts"), args, {
    execArgv: ["--conditions=@tracebook/source"],
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  const messages: ExchangeMessage[] = [];
  child.on("message", (message) => messages.push(message as ExchangeMessage));
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once("exit", (code, signal) => resolve({ code, signal }));
  });
  return {
    child,
    ended,
    message: (type) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = messages.find((message) => message.type === type);
          if (found !== undefined) resolve(found);
        };
        child.on("message", look);
        void ended.then(() => reject(new Error(`the exchange ended without a message of type "${type}"`)));
        look();
      }),
  };
}
