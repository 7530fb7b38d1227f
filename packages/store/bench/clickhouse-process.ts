// The store on the ClickHouse engine: events a second into it, and answers over ten million decisions. Wants TRACEBOOK_CHDB (see
// docs/clickhouse.md) and 4 GB of memory: node --conditions=@tracebook/source packages/store/bench/clickhouse-process.ts [DECISIONS]
import { availableParallelism, cpus, loadavg } from "node:os";
import { toClickhouseSettings } from "../src/clickhouse/clickhouse-options.ts";
import { openClickhouseStore } from "../src/clickhouse/clickhouse-store.ts";
import { connect } from "../src/clickhouse/connection.ts";
import type { EventInput } from "../src/store-input.ts";
import { chdbFolder, startClickhouse } from "../test/clickhouse-server.ts";

const DECISIONS = Number(process.argv[2] ?? 10_000_000);
const STORE_EVENTS = 400_000;
const REQUEST_EVENTS = 2_000;
const SPAN_DAYS = 7;
const FIRST_MICROS = Date.parse("2026-11-13T00:00:00Z") * 1_000;
const STEP_MICROS = Math.floor((SPAN_DAYS * 86_400e6) / DECISIONS);
const SYMBOLS = ["BTC/USDT", "ETH/USDT", "SOL/USDT", "XRP/USDT", "ADA/USDT", "DOT/USDT", "LTC/USDT", "BNB/USDT"];
const REASONS = [
  "insufficient_edge",
  "risk_limit",
  "spread_too_wide",
  "stale_book",
  "cooldown",
  "position_limit",
  "accepted",
];

const SOURCES = Array.from({ length: 16 }, (_, i) => ({ serviceName: "bot", instanceId: `i-${i}` }));

const folder = chdbFolder();
if (folder === undefined) process.exit(1);
const server = await startClickhouse(folder);
const options = {
  url: server.url,
  database: "bench",
  gatherMs: 10,
  requestTimeoutMs: 600_000,
  maxPendingBytes: 1_073_741_824,
};
const store = await openClickhouseStore(options);
const connection = await connect(toClickhouseSettings(options), "bench");
console.log(
  `${cpus()[0]?.model}, ${availableParallelism()} cores, load ${loadavg()[0]?.toFixed(1)}, Node ${process.version}`,
);
await measureStore();
await measureEngine();
await measureAnswers();
await store.close();
await connection.close();
await server.stop();

/** Through the store: checked, encoded, sent as JSON, taken by the engine, counted. */
async function measureStore(): Promise<void> {
  const requests = Array.from({ length: STORE_EVENTS / REQUEST_EVENTS }, (_, i) =>
    Array.from({ length: REQUEST_EVENTS }, (_, j) => decisionOf(i * REQUEST_EVENTS + j)),
  );
  const startedMs = performance.now();
  await Promise.all(requests.map((events) => store.writeEvents(events)));
  say("events through the store, all counts kept", STORE_EVENTS, performance.now() - startedMs);
}

/** Into the engine: what a node takes, were the rows made somewhere else. */
async function measureEngine(): Promise<void> {
  const batch = 1_000_000;
  const startedMs = performance.now();
  for (let from = 0; from < DECISIONS; from += batch)
    await connection.command(
      `INSERT INTO otel_logs (Timestamp, ServiceName, SeverityNumber, id, time_micros, event_type, instance_id, seq, run_id, symbol, data, decision,
         reason_code, reason, strategy, edge_unit, margin, score, TraceId)
       SELECT fromUnixTimestamp64Micro(m), 'bot', 9, 400000000000000 + n, m, 'decision', concat('i-', toString(n % 16)), intDiv(n, 16) + 1000000, 'run-1',
         arrayElement(${list(SYMBOLS)}, 1 + n % ${SYMBOLS.length}),
         concat('{"strategy":"basis","decision":"REJECT","reason_code":"insufficient_edge","edge_unit":"bps","gross_edge":"4.10","fees_est":"2.00","slippage_est":"0.60","gas_est":"0","latency_buffer":"0.30","net_edge":"', toString(n % 997), '","min_threshold":"1.50"}'),
         if(n % 7 = 6, 'ACCEPT', 'REJECT'), arrayElement(${list(REASONS)}, 1 + n % ${REASONS.length}), '', 'basis', 'bps', (n % 997) / 100, NULL,
         lower(hex(sipHash128(n)))
       FROM (SELECT number + ${from} AS n, ${FIRST_MICROS} + n * ${STEP_MICROS} AS m FROM numbers(${Math.min(batch, DECISIONS - from)}))`,
    );
  say("decisions into the engine, all counts kept", DECISIONS, performance.now() - startedMs);
  await connection.command(
    `INSERT INTO otel_logs (Timestamp, ServiceName, id, time_micros, event_type, symbol, data, reason_code, reason)
     SELECT fromUnixTimestamp64Micro(m), 'bot', 500000000000000 + n, m, 'signal_rejected', arrayElement(${list(SYMBOLS)}, 1 + n % ${SYMBOLS.length}), '{}',
       arrayElement(${list(REASONS)}, 1 + n % ${REASONS.length}), concat('because of ', toString(n % 40))
     FROM (SELECT number AS n, ${FIRST_MICROS} + n * ${STEP_MICROS * 10} AS m FROM numbers(${Math.floor(DECISIONS / 10)}))`,
  );
  const minutes = SPAN_DAYS * 1_440;
  await connection.command(
    `INSERT INTO metric_points (series, name, labels, instance_id, ServiceName, time_micros, value, amount)
     SELECT c, 'trading_flow_outcomes_total', map('flow', 'tick', 'stage', concat('stage_', toString(c % 5)), 'reason_code', arrayElement(${list(REASONS)}, 1 + c % ${REASONS.length}),
       'strategy', 'basis', 'symbol', arrayElement(${list(SYMBOLS)}, 1 + c % ${SYMBOLS.length})), 'i-1', 'bot', ${FIRST_MICROS} + (n % ${minutes}) * 60000000, ${DECISIONS / minutes / 280}, ${Math.ceil(DECISIONS / minutes / 280)}
     FROM (SELECT number AS n, intDiv(number, ${minutes}) AS c FROM numbers(${minutes * 280}))`,
  );
}

async function measureAnswers(): Promise<void> {
  const range = { startTime: "2026-11-13T00:00:17.123456Z", endTime: "2026-11-19T23:59:41.654321Z" };
  const [facts] = [await store.facts()];
  console.log(
    `${facts.decisions} decisions, ${facts.events} events, ${Math.round(facts.sizeBytes / 1_048_576)} MiB, ${(facts.sizeBytes / facts.events).toFixed(1)} bytes an event`,
  );
  const asked: Readonly<Record<string, () => Promise<unknown>>> = {
    "flowOutcomes (funnel), a week": () => store.flowOutcomes(range),
    "decisionReasons (breakdown), a week": () => store.decisionReasons(range),
    "decisionReasons of a symbol": () => store.decisionReasons({ ...range, symbol: "BTC/USDT" }),
    "rejectionBreakdown, a week": () => store.rejectionBreakdown(range, 20),
    "decisionTimeline by the hour": () => store.decisionTimeline(range, 3_600),
    "countByType, a week": () => store.countByType(range),
    "symbolCounts, a week": () => store.symbolCounts(range, 20),
    "facets, a week": () => store.facets(range, 20),
    "findEvents, first page": () => store.findEvents({ ...range, symbol: "BTC/USDT" }, 100, 0),
    "findDecisions of a rare pair": () =>
      store.findDecisions({ ...range, decision: "ACCEPT", symbol: "BTC/USDT" }, 100),
    "event by id": () => store.event(400_000_000_000_000 + Math.floor(DECISIONS / 2)),
    "marginHistogram of a million": () => store.marginHistogram({ ...range, edgeUnit: "bps" }, 40),
    "searchEvents, 100,000 looked at": () => store.searchEvents(range, "no such text", 10, 100_000),
  };
  for (const [name, ask] of Object.entries(asked)) {
    const timesMs: number[] = [];
    for (let i = 0; i < 7; i++) {
      const startedMs = performance.now();
      await ask();
      timesMs.push(performance.now() - startedMs);
    }
    const sorted = timesMs.toSorted((a, b) => a - b);
    console.log(
      `${name.padEnd(40)} first ${timesMs[0]!.toFixed(1)} ms, median ${sorted[3]!.toFixed(1)} ms, slowest ${sorted[6]!.toFixed(1)} ms`,
    );
  }
}

function decisionOf(n: number): EventInput {
  const isAccept = n % 7 === 6;
  return {
    eventType: "decision",
    timestamp: new Date(FIRST_MICROS / 1_000 + n).toISOString().replace("Z", "000Z"),
    source: SOURCES[n % SOURCES.length]!,
    seq: Math.floor(n / SOURCES.length) + 1,
    runId: "run-1",
    symbol: SYMBOLS[n % SYMBOLS.length],
    traceId: n.toString(16).padStart(32, "a"),
    spanId: "b7ad6b7169203331",
    severityNumber: 9,
    data: {
      strategy: "basis",
      decision: isAccept ? "ACCEPT" : "REJECT",
      reason_code: REASONS[n % REASONS.length]!,
      reason: `net edge ${n % 97}.20 bps is below the threshold of 1.50 bps`,
      edge_unit: "bps",
      gross_edge: "4.10",
      fees_est: "2.00",
      slippage_est: "0.60",
      gas_est: "0",
      latency_buffer: "0.30",
      net_edge: `${n % 97}.20`,
      min_threshold: "1.50",
    },
  };
}

function list(texts: readonly string[]): string {
  return `[${texts.map((text) => `'${text}'`).join(", ")}]`;
}

function say(what: string, count: number, tookMs: number): void {
  console.log(
    `${what}: ${count} in ${(tookMs / 1_000).toFixed(2)} s, ${Math.round((count * 1_000) / tookMs)} a second`,
  );
}
