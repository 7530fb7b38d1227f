// What `--import @tracebook/node/register` adds to the start and the end of a process that does nothing.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { cleanEnvironment } from "./clean-environment.ts";
import { type Spread, spreadOf } from "./statistics.ts";

/** Milliseconds of wall time on top of plain Node, from the call of `node` to its end, the last export included. */
export interface StartupFigures {
  readonly enabled: Spread;
  readonly disabled: Spread;
  /** A process that does nothing, alone. */
  readonly plain: Spread;
}

/** Where `@tracebook/node` means this package. */
const PACKAGE_DIR = fileURLToPath(new URL("..", import.meta.url));
const REGISTER = ["--import", "@tracebook/node/register"];

/** Starts each of the three `runs` times in turn; a figure is the difference within a turn. */
export function measureStartup(runs: number, sinkUrl: string, workDir: string): StartupFigures {
  const dir = mkdtempSync(join(workDir, "startup-"));
  const script = join(dir, "empty.mjs");
  writeFileSync(script, "");
  const enabledEnv = {
    TELEMETRY_ENABLED: "true",
    TELEMETRY_QUIET: "true",
    TELEMETRY_DIR: dir,
    TELEMETRY_PROMETHEUS_PORT: "0",
    OTEL_EXPORTER_OTLP_ENDPOINT: sinkUrl,
  };
  const plain: number[] = [];
  const disabled: number[] = [];
  const enabled: number[] = [];
  // One turn more than is counted: the first pays for reading the files from the disk.
  for (let run = 0; run <= runs; run++) {
    const plainMs = timeRun([script]);
    const disabledMs = timeRun([...REGISTER, script]);
    const enabledMs = timeRun([...REGISTER, script], enabledEnv);
    if (run === 0) continue;
    plain.push(plainMs);
    disabled.push(disabledMs - plainMs);
    enabled.push(enabledMs - plainMs);
  }
  rmSync(dir, { recursive: true, force: true });
  return { enabled: spreadOf(enabled)!, disabled: spreadOf(disabled)!, plain: spreadOf(plain)! };
}

function timeRun(args: readonly string[], env: Readonly<Record<string, string>> = {}): number {
  const startMs = performance.now();
  const { status, signal } = spawnSync(process.execPath, [...process.execArgv, ...args], {
    cwd: PACKAGE_DIR,
    env: cleanEnvironment(env),
    stdio: ["ignore", "ignore", "inherit"],
  });
  const tookMs = performance.now() - startMs;
  if (status !== 0) throw new Error(`node ${args.join(" ")} ended with ${signal ?? status}`);
  return tookMs;
}
