// Runs a program of the harness to its end, and reads the one line of JSON that it ends with.
import { startWorker, type WorkerOptions } from "./worker.ts";

/** What a program has said. */
export interface ProgramRun<Report> {
  readonly report: Report;
  /** Its other lines on stdout. */
  readonly lines: readonly string[];
  readonly stderr: string;
}

/** Runs `programs/NAME`. Rejects with all it said when it fails or says nothing. */
export async function runProgram<Report>(name: string, options: WorkerOptions): Promise<ProgramRun<Report>> {
  const worker = startWorker(new URL(`../programs/${name}`, import.meta.url), name, options);
  const { code, signal } = await worker.exit;
  const lines = worker.stdout().trimEnd().split("\n");
  const last = lines.pop() ?? "";
  if (code !== 0 || !last.startsWith("{"))
    throw new Error(`${name} ended with ${signal ?? code}:\n${worker.stdout()}${worker.stderr()}`);
  return { report: JSON.parse(last) as Report, lines, stderr: worker.stderr() };
}
