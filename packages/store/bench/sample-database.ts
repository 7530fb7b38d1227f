// A database of so many events and decisions, as if a scanner and a bot had run for a month; made once, used again.
import { existsSync, statSync } from "node:fs";
import { toTimestamp } from "@tracebook/core";
import { migrate } from "../src/sqlite/migrate.ts";
import { openDatabase } from "../src/sqlite/open-database.ts";
import { StoreWriter } from "../src/sqlite/store-writer.ts";
import type {
  EventInput,
  HistogramPointInput,
  InputSource,
  MetricPointInput,
  NumberPointInput,
  SpanInput,
} from "../src/store-input.ts";
import { decisionOf, eventOf, hexOf, SERVICE, spanOf } from "./sample-records.ts";

/** What is in it. */
export interface SampleSize {
  /** Plain events, and decisions beside them. */
  readonly events: number;
  readonly decisions: number;
  readonly spans: number;
}

/** What was made. */
export interface SampleDatabase {
  readonly path: string;
  readonly fromMicros: number;
  readonly toMicros: number;
  /** Mean of the data of an event, and of a decision, as JSON. */
  readonly eventDataBytes: number;
  readonly decisionDataBytes: number;
  /** Bytes of the file with events and decisions alone; undefined where it was there before. */
  readonly eventFileBytes: number | undefined;
  readonly fileBytes: number;
}

const START_MICROS = Date.UTC(2026, 9, 21) * 1000;
const DAYS = 30;
const SPAN_MICROS = DAYS * 86_400e6;
/** The month in which everything happens. */
export const SAMPLE_RANGE = { fromMicros: START_MICROS, toMicros: START_MICROS + SPAN_MICROS } as const;
const BATCH = 2_000;
const RUNS_A_DAY = 24;
const MINUTE_MICROS = 60e6;
const STAGES = ["ws_to_book_update", "book_to_signal", "signal_to_risk", "risk_to_send"];
const BOUNDS = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1];
const BOT: InputSource = { serviceName: SERVICE, instanceId: "bench-1" };

/** Makes the database at `path`, unless it is there. `say` hears how far it is. */
export function createSampleDatabase(path: string, size: SampleSize, say: (line: string) => void): SampleDatabase {
  const isNew = !existsSync(path);
  const database = openDatabase({ path, isReadOnly: false, busyTimeoutMs: 5_000, cacheKib: 262_144 });
  migrate(database, path);
  let eventFileBytes: number | undefined;
  if (isNew) {
    const writer = new StoreWriter(database);
    writeEvents(writer, size, say);
    database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    eventFileBytes = statSync(path).size;
    writeSpans(writer, size, say);
    writePoints(writer, say);
    database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  }
  const mean = (condition: string) => {
    const sql = `SELECT avg(length(data_json)) AS bytes FROM (SELECT data_json FROM telemetry_events WHERE event_type ${condition} LIMIT 20000)`;
    return Number((database.prepare(sql).get() as { bytes: number | null }).bytes ?? 0);
  };
  const bytes = { eventDataBytes: mean("<> 'decision'"), decisionDataBytes: mean("= 'decision'") };
  database.close();
  return { path, ...SAMPLE_RANGE, ...bytes, eventFileBytes, fileBytes: statSync(path).size };
}

function writeEvents(writer: StoreWriter, { events, decisions }: SampleSize, say: (line: string) => void): void {
  const all = events + decisions;
  const every = decisions === 0 ? Number.POSITIVE_INFINITY : all / decisions;
  let startMs = performance.now();
  for (let first = 0; first < all; first += BATCH) {
    const length = Math.min(BATCH, all - first);
    writer.writeEvents(Array.from({ length }, (_, k) => sampleInput(first + k, all, every)));
    if ((first / BATCH) % 500 !== 499) continue;
    const us = ((performance.now() - startMs) * 1e3) / (500 * BATCH);
    say(`  ${first + length} of ${all} events, ${us.toFixed(1)} us each`);
    startMs = performance.now();
  }
}

/** The `i`th of `all` events, evenly over the month; one in `every` is a decision. */
export function sampleInput(i: number, all: number, every: number): EventInput {
  const isDecision = Math.floor(i / every) !== Math.floor((i + 1) / every);
  const sample = isDecision ? decisionOf(i) : eventOf(i);
  const micros = START_MICROS + Math.floor((i / all) * SPAN_MICROS);
  return {
    eventType: sample.eventType,
    timestamp: toTimestamp(micros),
    source: BOT,
    seq: i + 1,
    runId: `scan-${Math.floor((micros - START_MICROS) / (86_400e6 / RUNS_A_DAY))}`,
    symbol: sample.symbol,
    traceId: hexOf(i >> 2, 32),
    spanId: hexOf(i, 16),
    severityNumber: 9,
    data: sample.data,
  };
}

function writeSpans(writer: StoreWriter, { spans }: SampleSize, say: (line: string) => void): void {
  for (let first = 0; first < spans; first += BATCH) {
    const length = Math.min(BATCH, spans - first);
    writer.writeSpans(Array.from({ length }, (_, k) => toSpanInput(first + k, spans)));
  }
  say(`  ${spans} spans`);
}

function toSpanInput(i: number, all: number): SpanInput {
  const startMicros = START_MICROS + Math.floor((Math.floor(i / 5) / (all / 5)) * SPAN_MICROS);
  const span = spanOf(i, [0, 0]);
  const { traceId, spanId } = span.spanContext();
  return {
    source: BOT,
    traceId,
    spanId,
    parentSpanId: span.parentSpanContext?.spanId,
    name: span.name,
    kind: 1,
    startMicros: startMicros + Math.floor(span.startTime[1] / 1e3),
    startNanosRest: 0,
    durationNanos: span.duration[1],
    statusCode: 0,
    statusMessage: "",
    scope: "tracebook",
    attributes: span.attributes as SpanInput["attributes"],
    events: [],
    links: [],
  };
}

/** Stage durations and flow outcomes, a point a minute and series. */
function writePoints(writer: StoreWriter, say: (line: string) => void): void {
  const minutes = SPAN_MICROS / MINUTE_MICROS;
  let points: MetricPointInput[] = [];
  for (let minute = 0; minute < minutes; minute++) {
    points.push(...pointsOf(minute));
    if (points.length < BATCH && minute < minutes - 1) continue;
    writer.writePoints(points);
    points = [];
  }
  say(`  ${minutes} minutes of metrics`);
}

function pointsOf(minute: number): MetricPointInput[] {
  const common = {
    source: BOT,
    description: "",
    startMicros: START_MICROS,
    timeMicros: START_MICROS + minute * MINUTE_MICROS,
    isCumulative: false,
  };
  const durations = STAGES.map(
    (stage): HistogramPointInput => ({
      ...common,
      name: "trading_stage_duration_seconds",
      unit: "s",
      labels: { flow: "tick", stage },
      type: "histogram",
      count: 120,
      sum: 0.12,
      bounds: BOUNDS,
      bucketCounts: [...BOUNDS.map((_, i) => (i < 10 ? 12 : 0)), 0],
    }),
  );
  const outcomes = STAGES.map(
    (stage, i): NumberPointInput => ({
      ...common,
      name: "trading_flow_outcomes_total",
      unit: "1",
      labels: {
        flow: "tick",
        stage,
        reason_code: i === 3 ? "order_submitted" : "no_signal",
        strategy: "basis",
        symbol: "BTC/USDT",
      },
      type: "sum",
      isMonotonic: true,
      value: 30 * (4 - i),
    }),
  );
  return [...durations, ...outcomes];
}
