// Runs a fixture as a process of its own, with telemetry from the environment, and gathers all it says.
import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** A running fixture. */
export interface Child {
  readonly process: ChildProcess;
  /** Everything on stdout and stderr so far. */
  output(): string;
  /** Resolves when stdout has a line that contains `text`; rejects when the process ends before. */
  said(text: string): Promise<void>;
  readonly exit: Promise<{ code: number | null; signal: NodeJS.Signals | null; afterMs: number }>;
}

/** Options of {@link startChild}. */
export interface ChildOptions {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Start telemetry by `--import @tracebook/node/register`. Default true. */
  readonly register?: boolean;
  readonly cwd?: string;
}

const FIXTURES = new URL("./fixtures/", import.meta.url);

/** Starts `test/fixtures/NAME`. */
export function startChild(fixture: string, options: ChildOptions = {}): Child {
  const started = performance.now();
  const args = [
    "--conditions=@tracebook/source",
    ...(options.register === false ? [] : ["--import", import.meta.resolve("@tracebook/node/register")]),
    fileURLToPath(new URL(fixture, FIXTURES)),
    ...(options.args ?? []),
  ];
  // Only what a test says may configure telemetry.
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(TELEMETRY|OTEL|BOT)_|^(ENVIRONMENT|NODE_OPTIONS)$/.test(name),
  );
  const child = spawn(process.execPath, args, {
    env: { ...Object.fromEntries(inherited), ...options.env } as NodeJS.ProcessEnv,
    stdio: ["ignore", "pipe", "pipe"],
    ...(options.cwd === undefined ? undefined : { cwd: options.cwd }),
  });
  let output = "";
  const waiting = new Set<() => void>();
  const hear = (chunk: Buffer): void => {
    output += chunk.toString("utf8");
    for (const check of waiting) check();
  };
  child.stdout.on("data", hear);
  child.stderr.on("data", hear);
  const exit = new Promise<{ code: number | null; signal: NodeJS.Signals | null; afterMs: number }>((resolve) => {
    child.on("close", (code, signal) => resolve({ code, signal, afterMs: performance.now() - started }));
  });
  return {
    process: child,
    output: () => output,
    exit,
    said: (text) =>
      new Promise((resolve, reject) => {
        const check = (): void => {
          if (!output.includes(text)) return;
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
        void exit.then(() =>
          output.includes(text) ? resolve() : reject(new Error(`ended without ${text}:\n${output}`)),
        );
        check();
      }),
  };
}
