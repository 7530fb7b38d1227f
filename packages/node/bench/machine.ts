// Where and with what was measured.
import { readFileSync } from "node:fs";
import { findPackageJSON } from "node:module";
import { availableParallelism, cpus, loadavg, release, totalmem } from "node:os";

/** The machine of a benchmark. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memory_gb: number;
  readonly os: string;
  readonly arch: string;
  /** Processes that wanted to run in the minute before: above 1 the figures are those of a busy machine. */
  readonly load_1m: number;
}

/** Whose versions a reader wants to know. */
const PACKAGES = [
  "@tracebook/node",
  "@opentelemetry/api",
  "@opentelemetry/sdk-trace",
  "@opentelemetry/sdk-logs",
  "@opentelemetry/sdk-metrics",
  "@opentelemetry/exporter-trace-otlp-proto",
  "@opentelemetry/exporter-logs-otlp-proto",
  "@opentelemetry/exporter-metrics-otlp-proto",
  "pino",
  "prom-client",
] as const;

/** Describes this machine as it is now. */
export function describeMachine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    cores: availableParallelism(),
    memory_gb: Math.round(totalmem() / 2 ** 30),
    os: `${process.platform} ${release()}`,
    arch: process.arch,
    load_1m: Math.round(loadavg()[0]! * 100) / 100,
  };
}

/** Versions by name: Node, V8 and the packages that are compared. */
export function describeVersions(): Readonly<Record<string, string>> {
  const versions: Record<string, string> = { node: process.versions.node, v8: process.versions.v8 };
  for (const name of PACKAGES) {
    const path = findPackageJSON(name, import.meta.url);
    if (path !== undefined) versions[name] = (JSON.parse(readFileSync(path, "utf8")) as { version: string }).version;
  }
  return versions;
}
