// What `startTelemetry` gives back: the running telemetry, its health and its end.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { FlowEngineStats } from "@tracebook/core/extension";
import type { JournalStats } from "@tracebook/journal";
import type { StagePercentiles } from "@tracebook/metrics";
import type { DropCounts } from "./drop-ledger.ts";

/** How one kind of signal is leaving: accepted + restored = exported + dropped + queued + spooled, in spans, log records or data points. */
export interface ExportHealth {
  /** Where it goes, without secrets. */
  readonly url: string;
  readonly accepted: number;
  /** Items that an earlier process had left on disk. */
  readonly restored: number;
  /** Items that the receiver has acknowledged. */
  readonly exported: number;
  /** Items that wait in memory, and the bytes of those that are ready to be sent. */
  readonly queued: number;
  readonly queuedBytes: number;
  /** Items that wait on disk, and the bytes of the files. */
  readonly spooled: number;
  readonly spooledBytes: number;
  /** When the oldest of them was accepted, UTC; undefined when none waits. */
  readonly oldestSpooled: string | undefined;
  /** Items lost since they were accepted; by reason in {@link TelemetryHealth.dropped}. */
  readonly dropped: number;
  /** True while the last request did not get through. */
  readonly isFailing: boolean;
  /** What the last failed export said; undefined when none failed. */
  readonly lastError: string | undefined;
}

/** The state of the telemetry of this process. */
export interface TelemetryHealth {
  readonly enabled: boolean;
  readonly flows: FlowEngineStats | undefined;
  readonly traces: ExportHealth | undefined;
  readonly logs: ExportHealth | undefined;
  /** Metrics over OTLP. */
  readonly metrics: ExportHealth | undefined;
  /** The address of /metrics; undefined when it is off or its port could not be had. */
  readonly metricsUrl: string | undefined;
  /** Why /metrics has no port although it should (the port is taken); undefined when it has one, or is off. */
  readonly metricsProblem: string | undefined;
  readonly journal: JournalStats | undefined;
  /** Everything that was lost, by what and why; empty when nothing was. */
  readonly dropped: DropCounts;
  /** Values that could not be recorded as they were (an unknown stage, a mark after the end), by kind. */
  readonly misuse: Readonly<Record<string, number>>;
}

/** The telemetry of this process. */
export interface Telemetry {
  /** False when telemetry is off, or another OpenTelemetry SDK has the process. */
  readonly enabled: boolean;
  /** This writer's name on every record; empty when telemetry is off. */
  readonly instanceId: string;
  /** The run of records that no `withRun` surrounds; empty when telemetry is off. */
  readonly runId: string;
  /** The line that was printed at the start. */
  readonly startLine: string;
  health(): TelemetryHealth;
  /** Percentiles in milliseconds by stage of a flow, `end_to_end` among them. */
  stagePercentiles(flow: string): Readonly<Record<string, StagePercentiles>>;
  /**
   * Answers a scrape on a server of the host's, at any path: the same as on the port of /metrics. While metrics are off it answers
   * 503. Never throws; needs no `this`.
   *
   * @example
   * createServer((request, response) => request.url === "/metrics" ? telemetry.metricsHandler(request, response) : app(request, response));
   */
  readonly metricsHandler: (request: IncomingMessage, response: ServerResponse) => void;
  /** Sends and writes everything that waits. Never rejects; at most the shutdown timeout (3 s by default). */
  flush(): Promise<void>;
  /** Flushes, closes and switches off. Never rejects; at most the shutdown timeout. Calling it again does nothing. */
  shutdown(): Promise<void>;
}
