// What `startTelemetry` gives back: the running telemetry, its health and its end.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { FlowEngineStats } from "@tracebook/core/extension";
import type { JournalStats } from "@tracebook/journal";
import type { StagePercentiles } from "@tracebook/metrics";
import type { DropCounts } from "./drop-ledger.ts";
import type { TelemetryDestination } from "./telemetry-destination.ts";

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

/** How one kind of signal is reaching a destination in the process: accepted = delivered + waiting + dropped, in spans, log records or data points. */
export interface DestinationSignalHealth {
  readonly accepted: number;
  /** Items that it has taken. */
  readonly delivered: number;
  /** Items that wait in memory, and the bytes of those that are ready to be handed over. */
  readonly waiting: number;
  readonly waitingBytes: number;
  /** Items that it did not get; by reason in {@link TelemetryHealth.dropped} under `destination_spans` and the like, all destinations together. */
  readonly dropped: number;
  /** True while the last request was not taken. */
  readonly isFailing: boolean;
  /** What the last failed request said; undefined when none failed. */
  readonly lastError: string | undefined;
}

/** How signals are reaching a destination in the process. */
export interface DestinationHealth {
  readonly traces: DestinationSignalHealth;
  /** Evidence among them. */
  readonly logs: DestinationSignalHealth;
  readonly metrics: DestinationSignalHealth;
}

/** The state of the telemetry of this process. */
export interface TelemetryHealth {
  readonly enabled: boolean;
  readonly flows: FlowEngineStats | undefined;
  readonly traces: ExportHealth | undefined;
  readonly logs: ExportHealth | undefined;
  /** Metrics over OTLP. */
  readonly metrics: ExportHealth | undefined;
  /** Destinations in the process, by name. */
  readonly destinations: Readonly<Record<string, DestinationHealth>>;
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
  /**
   * Sends spans, log records and metrics to a destination in this process too, from now on: for programs that open their store or desk
   * after the start. Returns what takes it away again: nothing new goes to it then, what waits is handed over (at most the shutdown
   * timeout), and the promise, which never rejects, says when it may be closed. Does nothing while telemetry is off, or at its end.
   * Throws `TracebookConfigError` (`invalid_option`) for what is no destination, and for a name that is taken.
   *
   * @example
   * const remove = telemetry.addDestination({ name: "desk", take: store.takeOtlp });
   * await remove();
   * await store.close();
   */
  addDestination(destination: TelemetryDestination): () => Promise<void>;
  /** Sends and writes everything that waits. Never rejects; at most the shutdown timeout (3 s by default). */
  flush(): Promise<void>;
  /** Flushes, closes and switches off. Never rejects; at most the shutdown timeout. Calling it again does nothing. */
  shutdown(): Promise<void>;
}
