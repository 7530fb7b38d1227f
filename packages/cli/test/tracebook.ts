// Runs the real command as a process, and makes the folders it reads.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { onTestFinished } from "vitest";

const BIN = fileURLToPath(new URL("../src/bin.ts", import.meta.url));
/** Sources run as they are; a Node that still warns of that must not put its warning among the notes of the command. */
const NODE_ARGS = ["--conditions=@tracebook/source", "--disable-warning=ExperimentalWarning", BIN];

/** How a process ended and what it said. */
export interface Finished {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Where and in which environment the command runs. */
export interface Surroundings {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts the command; `TELEMETRY_DIR` and `NO_COLOR` of the machine are not passed on. */
export function startTracebook(args: readonly string[], { cwd, env }: Surroundings = {}): ChildProcess {
  const { TELEMETRY_DIR: _, NO_COLOR: __, ...inherited } = process.env;
  const child = spawn(process.execPath, [...NODE_ARGS, ...args], { cwd, env: { ...inherited, ...env } });
  onTestFinished(() => {
    if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
  });
  return child;
}

/** Collects what a process says until it ends. */
export function finished(child: ChildProcess): Promise<Finished> {
  const texts = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name]!.setEncoding("utf8");
    child[name]!.on("data", (piece: string) => {
      texts[name] += piece;
    });
  }
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code, signal, ...texts }));
  });
}

/** Runs the command to its end. */
export function tracebook(args: readonly string[], surroundings?: Surroundings): Promise<Finished> {
  return finished(startTracebook(args, surroundings));
}

/** A shell line in which `tracebook` is the command. */
export function shell(line: string, cwd: string): Promise<Finished> {
  const quoted = [process.execPath, ...NODE_ARGS].map((arg) => `'${arg}'`).join(" ");
  return finished(spawn("/bin/sh", ["-c", `tracebook() { ${quoted} "$@"; }\n${line}`], { cwd }));
}

/** The content of a file: text, or objects that become JSON lines. */
export type Content = string | readonly object[];

/** A folder with these files, by path; names that end in `.gz` are compressed. Gone after the test. */
export function folderOf(files: Readonly<Record<string, Content>> = {}): string {
  const dir = mkdtempSync(join(tmpdir(), "tracebook-cli-"));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  for (const [path, content] of Object.entries(files)) {
    const text = typeof content === "string" ? content : toLines(content);
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), path.endsWith(".gz") ? gzipSync(text) : text);
  }
  return dir;
}

/** Objects as the lines of a file. */
export function toLines(objects: readonly object[]): string {
  return objects.map((object) => `${JSON.stringify(object)}\n`).join("");
}
