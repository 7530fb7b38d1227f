// Runs a fixture as a process of its own, with telemetry from the environment, and gathers all it says.
import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** A running fixture. */
export interface Child {
  readonly process: ChildProcess;
  /** Everything on stdout and stderr so far. */
  output(): string;
  /** Everything on stderr so far. */
  stderr(): string;
  /** Waits for the end and reads the last line of stdout as JSON; rejects with all output when the process failed or said none. */
  result<T>(): Promise<T>;
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
  /** Modules to load before anything else, by their URL. */
  readonly preload?: readonly string[];
}

const FIXTURES = new URL("./fixtures/", import.meta.url);

/** Starts `test/fixtures/NAME`. */
export function startChild(fixture: string, options: ChildOptions = {}): Child {
  const started = performance.now();
  const args = [
    "--conditions=@tracebook/source",
    ...(options.preload ?? []).flatMap((url) => ["--import", url]),
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
  let stdout = "";
  let stderr = "";
  const waiting = new Set<() => void>();
  const hear = (chunk: Buffer): void => {
    output += chunk.toString("utf8");
    for (const check of waiting) check();
  };
  child.stdout.on("data", (chunk: Buffer) => {
    stdout += chunk.toString("utf8");
    hear(chunk);
  });
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString("utf8");
    hear(chunk);
  });
  const exit = new Promise<{ code: number | null; signal: NodeJS.Signals | null; afterMs: number }>((resolve) => {
    child.on("close", (code, signal) => resolve({ code, signal, afterMs: performance.now() - started }));
  });
  return {
    process: child,
    output: () => output,
    stderr: () => stderr,
    exit,
    async result<T>() {
      const { code, signal } = await exit;
      const last = stdout.trimEnd().split("\n").at(-1) ?? "";
      if (code !== 0 || !last.startsWith("{")) throw new Error(`ended with ${code ?? signal}:\n${output}`);
      return JSON.parse(last) as T;
    },
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
