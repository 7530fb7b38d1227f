// The scanner as a process of its own, for tests: forked as a launcher forks it, with its journal in a folder of its own.
import { type ChildProcess, fork } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ScannerMessage } from "../scanner-message.ts";
import type { ScannerReport } from "../scanner-report.ts";

/** One line of the journal, as far as tests read it. */
export interface JournalLine {
  readonly seq: number;
  readonly event_type: string;
  readonly run_id: string;
  readonly trace_id?: string;
  readonly symbol?: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into events of every type
  readonly data: any;
}

/** A forked scanner. */
export interface ScannerProcess {
  readonly child: ChildProcess;
  readonly messages: readonly ScannerMessage[];
  /** The report of message `ended`, once the process is gone; rejects, with what it said, when there is none. */
  report(): Promise<ScannerReport>;
  /** All records so far, in the order of `seq`. */
  journal(): readonly JournalLine[];
  /** Ends it at once, and removes its folder. */
  discard(): void;
}

/** Starts the scanner with a command line; `environment` adds to what switches its telemetry on. */
export function forkScanner(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): ScannerProcess {
  const folder = mkdtempSync(join(tmpdir(), "scanner-"));
  const child = fork(join(import.meta.dirname, "../main.ts"), [...args], {
    execArgv: ["--conditions=@tracebook/source", "--import", import.meta.resolve("@tracebook/node/register")],
    env: { ...withoutTelemetry(process.env), TELEMETRY_ENABLED: "true", ...ownPlaces(folder), ...environment },
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  const messages: ScannerMessage[] = [];
  let stderr = "";
  child.on("message", (message) => messages.push(message as ScannerMessage));
  child.stderr?.on("data", (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  return {
    child,
    messages,
    async report() {
      await ended;
      const last = messages.at(-1);
      if (last?.type === "ended") return last.report;
      throw new Error(`the scanner ended without a report:\n${JSON.stringify(last)}\n${stderr}`);
    },
    journal: () => [...linesOf(folder, "logs", "telemetry.jsonl"), ...eventLines(folder)].sort((a, b) => a.seq - b.seq),
    discard() {
      child.kill("SIGKILL");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function ownPlaces(folder: string): Record<string, string> {
  return { TELEMETRY_DIR: folder, TELEMETRY_PROMETHEUS_PORT: "0", TELEMETRY_SERVICE_NAME: "scanner" };
}

/** Only what a test says may configure telemetry. */
function withoutTelemetry(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^(TELEMETRY|OTEL)_|^ENVIRONMENT$/.test(name)));
}

function eventLines(folder: string): readonly JournalLine[] {
  const events = join(folder, "data", "events");
  const days = existsSync(events) ? readdirSync(events) : [];
  return days.flatMap((day) => linesOf(events, day, "events.jsonl"));
}

/** The whole lines: while a process writes, there may be no file yet, or half a line at its end. */
function linesOf(...path: readonly string[]): readonly JournalLine[] {
  const file = join(...path);
  const text = existsSync(file) ? readFileSync(file, "utf8") : "";
  const lines = text.slice(0, text.lastIndexOf("\n") + 1).split("\n");
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as JournalLine);
}
