// The ways out: from Tracebook's flows, records and the SDK's objects to all who take requests, as bytes where nothing needs objects.
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
  type OtlpFormat,
  type OtlpSignal,
  serializeOtlp,
} from "@tracebook/exporters";
import type { QueueConfig, TelemetryConfig } from "./config.ts";
import { createDirectOutlet, type DirectOutlet } from "./direct-outlet.ts";
import type { DropLedger } from "./drop-ledger.ts";
import type { HostProcessors } from "./host-processors.ts";
import { createObjectOutlet, type ObjectOutlet } from "./object-outlet.ts";
import type { OtlpDelivery } from "./otlp-delivery.ts";
import type { RequestFan, RequestTaker, SignalFans } from "./request-fan.ts";
import type { ExportHealth } from "./telemetry.ts";

/** Signals on their way out. */
export interface SignalOutlets {
  /** True while anybody takes this signal. */
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
  /** Items that wait for the others of their request. */
  waiting(): Readonly<Record<OtlpSignal, number>>;
  /** How signals leave over OTLP. */
  health(): Readonly<Record<OtlpSignal, ExportHealth | undefined>>;
  /** Hands everything to the lanes, which are then flushed or closed by whoever has them. */
  drain(): void;
  /** Drains, and takes nothing any more. */
  close(): void;
}

/** What the outlets work with. */
export interface SignalOutletParts extends FlowSpanOptions {
  readonly otlp: OtlpDelivery;
  readonly fans: SignalFans;
  readonly host: HostProcessors;
  readonly ledger: DropLedger;
  readonly say: (line: string) => void;
}

/** What all outlets have in common. */
type AnyOutlet = Pick<ObjectOutlet<unknown>, "drain" | "close" | "waiting">;

/** Connects flows, records and objects with the lanes, and counts every loss in the ledger. */
export function createSignalOutlets(config: TelemetryConfig, parts: SignalOutletParts): SignalOutlets {
  const { fans, otlp, host } = parts;
  const spans = openTraces(config, parts);
  const logs = openLogs(config, parts);
  const all = (): AnyOutlet[] => [...spans.opened(), ...logs.opened()];
  const waiting = () => ({ traces: waitingIn(spans.opened()), logs: waitingIn(logs.opened()), metrics: 0 });
  return {
    get takesSpans() {
      return !fans.traces.isEmpty || host.takesSpans;
    },
    get takesLogs() {
      return !fans.logs.isEmpty || host.takesLogs;
    },
    pushSpan: spans.pushSpan,
    pushLog: logs.pushLog,
    pushFlow: spans.pushFlow,
    pushRecord: logs.pushRecord,
    waiting,
    health() {
      const stats = otlp.delivery.stats();
      const inOutlets = waiting();
      const of = (signal: OtlpSignal): ExportHealth | undefined => {
        const way = otlp[signal];
        if (way === undefined) return undefined;
        const lanes = stats.filter((lane) => lane.signal === signal);
        return healthOf(way.url, lanes, inOutlets[signal], otlp.lastError(signal));
      };
      return { traces: of("traces"), logs: of("logs"), metrics: of("metrics") };
    },
    drain() {
      for (const outlet of all()) outlet.drain();
    },
    close() {
      for (const outlet of all()) outlet.close();
    },
  };
}

/** The two ways of one signal and class: for objects, and as bytes where nothing stands against it. */
interface Outlets<Item, Direct> {
  readonly objects: ObjectOutlet<Item>;
  readonly bytes: DirectOutlet<Direct> | undefined;
}

function openTraces(config: TelemetryConfig, parts: SignalOutletParts) {
  const { fans, host, ledger } = parts;
  const fan = fans.traces;
  const shared = sharedOptions(config.spanQueue, config, (reason, count) => ledger.add("spans", reason, count));
  const outlets = onceWanted(fan, (): Outlets<ReadableSpan, EndedFlow> => {
    const serialize = (items: readonly ReadableSpan[], format: OtlpFormat) => serializeOtlp("traces", format, items);
    const objects = createObjectOutlet<ReadableSpan>({ ...shared, fan, serialize });
    const bytes = host.takesSpans ? undefined : orObjects(fan, "spans", parts, () => openFlows(shared, fan, parts));
    return { objects, bytes };
  });
  const pushSpan = (span: ReadableSpan): void => {
    if (!fan.isEmpty) outlets.get().objects.push(span);
    if (host.takesSpans) host.span(span);
  };
  return {
    opened: outlets.opened,
    pushSpan,
    pushFlow(flow: EndedFlow) {
      const bytes = fan.isEmpty ? undefined : outlets.get().bytes;
      if (bytes !== undefined) bytes.push(flow);
      else for (const span of buildFlowSpans(flow, parts)) pushSpan(span);
    },
  };
}

function openLogs(config: TelemetryConfig, parts: SignalOutletParts) {
  const { fans, host, ledger } = parts;
  const open = (fan: RequestFan, name: "logs" | "evidence") => {
    const shared = sharedOptions(config.logQueue, config, (reason, count) => ledger.add(name, reason, count));
    return onceWanted(fan, (): Outlets<ReadableLogRecord, EventRecord> => {
      const serialize = (items: readonly ReadableLogRecord[], format: OtlpFormat) =>
        serializeOtlp("logs", format, items);
      const objects = createObjectOutlet<ReadableLogRecord>({ ...shared, fan, serialize });
      const bytes = host.takesLogs ? undefined : orObjects(fan, "logs", parts, () => openRecords(shared, fan, parts));
      return { objects, bytes };
    });
  };
  const evidence = open(fans.evidence, "evidence");
  const ordinary = open(fans.logs, "logs");
  return {
    opened: (): AnyOutlet[] => [...evidence.opened(), ...ordinary.opened()],
    pushLog(record: ReadableLogRecord) {
      if (!fans.logs.isEmpty) ordinary.get().objects.push(record);
      if (host.takesLogs) host.log(record);
    },
    pushRecord(record: EventRecord) {
      const outlets = record.kind.recordClass === "evidence" ? evidence : ordinary;
      const ways = fans.logs.isEmpty ? undefined : outlets.get();
      if (ways?.bytes !== undefined) return ways.bytes.push(record);
      const built = buildLogRecord(record, parts);
      ways?.objects.push(built);
      if (host.takesLogs) host.log(built);
    },
  };
}

/** Opens outlets when there is somebody behind them, at the latest for the first item: until then they would be 64 KiB for nothing. */
function onceWanted<Item, Direct>(fan: RequestFan, open: () => Outlets<Item, Direct>) {
  let outlets = fan.isEmpty ? undefined : open();
  return {
    get(): Outlets<Item, Direct> {
      outlets ??= open();
      return outlets;
    },
    opened: (): AnyOutlet[] => [outlets?.objects, outlets?.bytes].filter((outlet) => outlet !== undefined),
  };
}

function waitingIn(outlets: readonly AnyOutlet[]): number {
  return outlets.reduce((sum, outlet) => sum + outlet.waiting, 0);
}

interface SharedOptions {
  readonly queue: QueueConfig;
  readonly queueBytes: number;
  readonly onDrop: (reason: string, count: number) => void;
}

function sharedOptions(
  queue: QueueConfig,
  { delivery }: TelemetryConfig,
  onDrop: SharedOptions["onDrop"],
): SharedOptions {
  return { queue, queueBytes: delivery.maxBytes, onDrop };
}

function openFlows(shared: SharedOptions, lane: RequestTaker, parts: SignalOutletParts): DirectOutlet<EndedFlow> {
  const encoder = createFlowEncoder(parts);
  return createDirectOutlet<EndedFlow>({
    ...shared,
    lane,
    envelope: encoder.envelope,
    append: (flow, out) => encoder.append(flow, out),
    entriesOf: (flow) => flow.markCount + 1,
  });
}

function openRecords(shared: SharedOptions, lane: RequestTaker, parts: SignalOutletParts): DirectOutlet<EventRecord> {
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

/**
 * With a receiver of JSON all leave as objects: bytes and objects made of one flow would not have the same span ids. A serializer that
 * writes in another way than the encoder knows is no reason to lose anything, either.
 */
function orObjects<T>(fan: RequestFan, signal: string, { say }: SignalOutletParts, open: () => T): T | undefined {
  if (fan.formats.includes("json")) return undefined;
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
