// Where and with what was measured.
import { cpus, loadavg, release, totalmem } from "node:os";
import { DatabaseSync } from "node:sqlite";
import { chromiumVersion } from "./chromium.ts";

/** The machine of a benchmark. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGib: number;
  readonly os: string;
  readonly node: string;
  readonly sqlite: string;
  /** Undefined: there is none. */
  readonly chromium: string | undefined;
}

/** Describes this machine. */
export function describeMachine(): Machine {
  const sqlite = new DatabaseSync(":memory:").prepare("SELECT sqlite_version() AS version").get() as {
    version: string;
  };
  return {
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    cores: cpus().length,
    memoryGib: Math.round(totalmem() / 2 ** 30),
    os: `${process.platform} ${release()} ${process.arch}`,
    node: process.version,
    sqlite: sqlite.version,
    chromium: chromiumVersion(),
  };
}

/** Processes that wanted to run in the last minute, 5 and 15 minutes: above the number of cores, figures are those of a busy machine. */
export function loadNow(): readonly number[] {
  return loadavg().map((one) => Math.round(one * 100) / 100);
}
