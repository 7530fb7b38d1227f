// The findings for programs. Field names are stable; docs/doctor.md lists them.
import { maskUrl } from "@tracebook/node/doctor";
import { printableJson } from "../printable.ts";
import { likelyOffsetMs } from "./clock-offset.ts";
import { type DoctorReport, EXIT_OF_VERDICT, takenBy, verdictOf } from "./doctor-report.ts";
import { SENT_NAMES, type Signal } from "./doctor-signals.ts";

/** Renders a report as one indented JSON object. */
export function renderDoctorJson(report: DoctorReport): string {
  const { configuration, serviceName, environment, envFile, packages, checks } = report;
  const { config, settings, problems, refusesToStart } = configuration;
  const verdict = verdictOf(report);
  const json = {
    verdict,
    exit_code: EXIT_OF_VERDICT[verdict],
    service_name: serviceName,
    environment: environment ?? null,
    env_file: envFile ?? null,
    enabled: config.enabled,
    refuses_to_start: refusesToStart,
    node: process.versions.node,
    packages,
    settings: settings.map(({ name, group, value, source, variables }) => ({ name, group, value, source, variables })),
    problems: problems.map(({ variable, line }) => ({ variable, line })),
    checks: checks.map(({ id, status, what, remedy }) => ({ id, status, what, remedy: remedy ?? null })),
    destinations: destinationsOf(report),
    sent: sentOf(report),
    journal: journalOf(report),
  };
  return `${printableJson(json, 2)}\n`;
}

function destinationsOf({ configuration: { config }, destinations }: DoctorReport): object[] {
  return destinations.flatMap((result) => {
    const target = config.otlp[result.signal];
    if (target === undefined) return [];
    return [
      {
        signal: result.signal,
        url: maskUrl(target.url),
        protocol: target.protocol,
        compression: target.compression,
        headers: Object.keys(target.headers).length,
        outcome: result.outcome,
        http_status: result.httpStatus ?? null,
        duration_ms: Math.round(result.durationMs),
        rejected: result.rejected,
        retry_after_ms: result.retryAfterMs ?? null,
        clock_offset_ms: result.clockOffset === undefined ? null : likelyOffsetMs(result.clockOffset),
      },
    ];
  });
}

function sentOf(report: DoctorReport): object | null {
  const taken = takenBy(report);
  if (taken === undefined) return null;
  const nameOf = (signal: Signal) => (taken.signals.includes(signal) ? SENT_NAMES[signal] : null);
  return {
    trace_id: taken.traceId ?? null,
    span_name: nameOf("traces"),
    metric_name: nameOf("metrics"),
    event_name: nameOf("logs"),
  };
}

function journalOf({ journal }: DoctorReport): object | null {
  if (journal === undefined) return null;
  return {
    dir: journal.dir,
    exists: journal.folder?.isThere ?? null,
    free_bytes: journal.folder?.freeBytes ?? null,
    used_bytes: journal.folder?.usedBytes ?? null,
    writers: journal.writers.map(({ name, pid, isAlive, seenEpochMs }) => ({
      name,
      pid,
      alive: isAlive ?? null,
      seen: new Date(seenEpochMs).toISOString(),
    })),
    spool: journal.spool.map(({ name, files, bytes, oldestMs }) => ({
      name,
      files,
      bytes,
      oldest_seconds: Math.round(oldestMs / 1_000),
    })),
  };
}
