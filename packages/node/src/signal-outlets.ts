// The ways out: from Tracebook's flows, records and the SDK's objects to the lanes of OTLP, as bytes where nothing needs objects.
import type { ReadableLogRecord } from "@opentelemetry/sdk-logs";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import type { EndedFlow, EventRecord } from "@tracebook/core/extension";
import {
  buildFlowSpans,
  buildLogRecord,
  createFlowEncoder,
  createRecordEncoder,
  type FlowSpanOptions,
  type LaneStats,
  serializeOtlp,
} from "@tracebook/exporters";
import type { TelemetryConfig } from "./config.ts";
import { createDirectOutlet, type DirectOutlet } from "./direct-outlet.ts";
import type { DropLedger } from "./drop-ledger.ts";
import type { HostProcessors } from "./host-processors.ts";
import { createObjectOutlet, type ObjectOutlet } from "./object-outlet.ts";
import type { OtlpDelivery, SignalWay } from "./otlp-delivery.ts";
import type { ExportHealth } from "./telemetry.ts";

/** Signals on their way out. */
export interface SignalOutlets {
  /** True for a signal that is exported. */
  readonly takesSpans: boolean;
  readonly takesLogs: boolean;
  /** Takes a span that the SDK or an instrumentation made. */
  pushSpan(span: ReadableSpan): void;
  /** Takes a log record that a logger made. */
  pushLog(record: ReadableLogRecord): void;
  /** Takes the spans of a kept flow. */
  pushFlow(flow: EndedFlow): void;
  /** Takes an event record as a log record. May throw for a payload that cannot be read. */
  pushRecord(record: EventRecord): void;
  health(): { traces: ExportHealth | undefined; logs: ExportHealth | undefined; metrics: ExportHealth | undefined };
  /** Sends all there is, within the deadline. Never rejects. */
  flush(deadlineMs: number): Promise<void>;
  /** Hands everything to the lanes, which are then closed by whoever closes the delivery. */
  drain(): void;
  /** Drains, and takes nothing any more. */
  close(): void;
}

/** What the outlets work with. */
export interface SignalOutletParts extends FlowSpanOptions {
  readonly otlp: OtlpDelivery;
  readonly host: HostProcessors;
  readonly ledger: DropLedger;
  readonly say: (line: string) => void;
}

/** What all outlets have in common. */
type AnyOutlet = Pick<ObjectOutlet<unknown>, "drain" | "close" | "waiting">;

/** Connects flows, records and objects with the lanes, and counts every loss in the ledger. */
export function createSignalOutlets(config: TelemetryConfig, parts: SignalOutletParts): SignalOutlets {
  const { otlp, host } = parts;
  const spans = openTraces(config, parts);
  const logs = openLogs(config, parts);
  const outletsOf = { traces: spans.all, logs: logs.all, metrics: [] };
  const all = [...spans.all, ...logs.all];
  const drain = (): void => {
    for (const outlet of all) outlet.drain();
  };
  return {
    takesSpans: otlp.traces !== undefined || host.takesSpans,
    takesLogs: otlp.logs !== undefined || host.takesLogs,
    pushSpan: spans.pushSpan,
    pushLog: logs.pushLog,
    pushFlow: spans.pushFlow,
    pushRecord: logs.pushRecord,
    health() {
      const stats = otlp.delivery.stats();
      const of = (signal: "traces" | "logs" | "metrics"): ExportHealth | undefined => {
        const way = otlp[signal];
        if (way === undefined) return undefined;
        const lanes = stats.filter((lane) => lane.signal === signal);
        const waiting = outletsOf[signal].reduce((sum, outlet) => sum + outlet.waiting, 0);
        return healthOf(way.url, lanes, waiting, otlp.lastError(signal));
      };
      return { traces: of("traces"), logs: of("logs"), metrics: of("metrics") };
    },
    async flush(deadlineMs) {
      drain();
      await Promise.all([otlp.delivery.flush(deadlineMs), host.flush()]);
    },
    drain,
    close() {
      for (const outlet of all) outlet.close();
    },
  };
}

function openTraces(config: TelemetryConfig, parts: SignalOutletParts) {
  const { host, ledger, otlp } = parts;
  const way = otlp.traces;
  const queue = config.spanQueue;
  const onDrop = (reason: string, count: number): void => ledger.add("spans", reason, count);
  const objects =
    way &&
    createObjectOutlet<ReadableSpan>({
      ...way,
      queue,
      onDrop,
      serialize: (items) => serializeOtlp("traces", way.format, items),
    });
  const bytes =
    way && !host.takesSpans
      ? orObjects(way, "spans", parts, () => {
          const encoder = createFlowEncoder(parts);
          return createDirectOutlet<EndedFlow>({
            lane: way.lane,
            queue,
            queueBytes: config.delivery.maxBytes,
            onDrop,
            envelope: encoder.envelope,
            append: (flow, out) => encoder.append(flow, out),
            entriesOf: (flow) => flow.markCount + 1,
          });
        })
      : undefined;
  const pushSpan = (span: ReadableSpan): void => {
    objects?.push(span);
    if (host.takesSpans) host.span(span);
  };
  return {
    all: present([objects, bytes]),
    pushSpan,
    pushFlow(flow: EndedFlow) {
      if (bytes !== undefined) bytes.push(flow);
      else for (const span of buildFlowSpans(flow, parts)) pushSpan(span);
    },
  };
}

function openLogs(config: TelemetryConfig, parts: SignalOutletParts) {
  const { host, ledger, otlp } = parts;
  const way = otlp.logs;
  const open = (lane: SignalWay["lane"] | undefined, name: "logs" | "evidence") => {
    if (way === undefined || lane === undefined) return { objects: undefined, bytes: undefined };
    const shared = {
      queue: config.logQueue,
      queueBytes: config.delivery.maxBytes,
      onDrop: (reason: string, count: number): void => ledger.add(name, reason, count),
    };
    const { format } = way;
    const serialize = (items: readonly ReadableLogRecord[]) => serializeOtlp("logs", format, items);
    const objects = createObjectOutlet<ReadableLogRecord>({ ...shared, lane, format, serialize });
    const bytes = host.takesLogs ? undefined : orObjects(way, "logs", parts, () => openRecords(shared, lane, parts));
    return { objects, bytes };
  };
  const ordinary = open(way?.lane, "logs");
  const evidence = open(way?.evidenceLane, "evidence");
  return {
    all: present([evidence.objects, evidence.bytes, ordinary.objects, ordinary.bytes]),
    pushLog(record: ReadableLogRecord) {
      ordinary.objects?.push(record);
      if (host.takesLogs) host.log(record);
    },
    pushRecord(record: EventRecord) {
      const { objects, bytes } = record.kind.recordClass === "evidence" ? evidence : ordinary;
      if (bytes !== undefined) return bytes.push(record);
      const built = buildLogRecord(record, parts);
      objects?.push(built);
      if (host.takesLogs) host.log(built);
    },
  };
}

function present(outlets: readonly (AnyOutlet | undefined)[]): AnyOutlet[] {
  return outlets.filter((outlet) => outlet !== undefined);
}

function openRecords(
  shared: Pick<Parameters<typeof createDirectOutlet>[0], "queue" | "queueBytes" | "onDrop">,
  lane: SignalWay["lane"],
  parts: SignalOutletParts,
): DirectOutlet<EventRecord> {
  const encoder = createRecordEncoder(parts);
  return createDirectOutlet<EventRecord>({
    ...shared,
    lane,
    envelope: encoder.envelope,
    append(record, out) {
      encoder.append(record, out);
      return 1;
    },
    entriesOf: () => 1,
  });
}

/** A serializer that writes in another way than the encoder knows is no reason to lose anything: then objects leave through it. */
function orObjects<T>({ format }: SignalWay, signal: string, { say }: SignalOutletParts, open: () => T): T | undefined {
  if (format === "json") return undefined;
  try {
    return open();
  } catch (error) {
    say(`${signal} leave as objects, at a higher cost: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

function healthOf(
  url: string,
  lanes: readonly LaneStats[],
  waiting: number,
  lastError: string | undefined,
): ExportHealth {
  const sum = (of: (lane: LaneStats) => number): number => lanes.reduce((total, lane) => total + of(lane), 0);
  const oldest = lanes.map((lane) => lane.oldestSpooledEpochMs).filter((time) => time !== undefined);
  return {
    url,
    accepted: sum((lane) => lane.accepted) + waiting,
    restored: sum((lane) => lane.restored),
    exported: sum((lane) => lane.delivered),
    queued: sum((lane) => lane.queued) + waiting,
    queuedBytes: sum((lane) => lane.queuedBytes),
    spooled: sum((lane) => lane.spooled),
    spooledBytes: sum((lane) => lane.spooledBytes),
    oldestSpooled: oldest.length === 0 ? undefined : new Date(Math.min(...oldest)).toISOString(),
    dropped: sum((lane) => lane.dropped),
    isFailing: lanes.some((lane) => lane.failing !== undefined),
    lastError,
  };
}
