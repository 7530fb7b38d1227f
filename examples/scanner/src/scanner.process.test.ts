// The scanner's process on the real paper exchange: what is on the record adds up, and it ends in every way it may be told to.
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { type OtlpSink, startOtlpSink } from "../../../packages/node/test/otlp-sink.ts";
import { type PaperExchange, startPaperExchange } from "./paper-exchange.ts";
import type { ScannerReport } from "./scanner-report.ts";
import { forkScanner, type JournalLine, type ScannerProcess } from "./testing/scanner-process.ts";

const SYMBOLS = ["BTCUSDT", "ETHUSDT", "SOLUSDT", "LINKUSDT", "MATICUSDT"];
const PATIENCE = { timeout: 20_000 };
/** A pace at which a test sees many scans: candles of a tenth of a second, and twelve of them are enough. */
const PACE = ["--every-ms", "400", "--candle-ms", "100", "--profile", "loose"];

const exchanges: PaperExchange[] = [];
const scanners: ScannerProcess[] = [];

async function tidyUp(): Promise<void> {
  for (const scanner of scanners.splice(0)) scanner.discard();
  await Promise.all(exchanges.splice(0).map((exchange) => exchange.stop()));
}

async function startExchange(): Promise<PaperExchange> {
  const exchange = await startPaperExchange(SYMBOLS, 5);
  exchanges.push(exchange);
  return exchange;
}

function startScanner(args: readonly string[], environment?: Readonly<Record<string, string>>): ScannerProcess {
  const scanner = forkScanner([...args, ...SYMBOLS.flatMap((symbol) => ["--symbol", symbol])], environment);
  scanners.push(scanner);
  return scanner;
}

const placeOf = ({ streamUrl, restUrl }: PaperExchange) => ["--spot-ws", streamUrl, "--spot-rest", restUrl];

/** Records of each run, that is of each scan. */
function runsOf(journal: readonly JournalLine[]): ReadonlyMap<string, readonly JournalLine[]> {
  return Map.groupBy(
    journal.filter(({ run_id }) => run_id.startsWith("scan-")),
    ({ run_id }) => run_id,
  );
}

const ofType = (lines: readonly JournalLine[], type: string) => lines.filter(({ event_type }) => event_type === type);

describe("twelve scans on the paper exchange", () => {
  let sink: OtlpSink;
  let report: ScannerReport;
  let journal: readonly JournalLine[];
  beforeAll(async () => {
    sink = await startOtlpSink();
    const place = placeOf(await startExchange());
    const scanner = startScanner([...place, ...PACE, "--scans", "12"], { TELEMETRY_OTLP_ENDPOINT: sink.url });
    report = await scanner.report();
    journal = scanner.journal();
  }, 90_000);
  afterAll(async () => {
    await tidyUp();
    await sink.close();
  });

  it("are twelve runs on the record, in each of which generated + rejected + errors = symbols scanned", () => {
    const totals = { symbols_scanned: 0, generated: 0, rejected: 0, errors: 0 };
    expect(runsOf(journal).size).toBe(12);
    for (const lines of runsOf(journal).values()) {
      const [started, completed] = [lines.at(0), lines.at(-1)];
      expect([started?.event_type, completed?.event_type]).toEqual(["scan_started", "scan_completed"]);
      const generated = ofType(lines, "signal_generated");
      const rejected = ofType(lines, "signal_rejected");
      const errors = ofType(lines, "error_occurred");
      const symbols = [...generated, ...rejected, ...errors].map(({ symbol }) => symbol);
      expect(symbols.toSorted()).toEqual(started?.data.symbols.toSorted());
      expect(completed?.data).toMatchObject({
        symbols_scanned: started?.data.symbol_count,
        signals_generated: generated.length,
        signals_rejected: rejected.length,
      });
      expect(ofType(lines, "decision")).toHaveLength(generated.length + rejected.length);
      totals.symbols_scanned += symbols.length;
      totals.generated += generated.length;
      totals.rejected += rejected.length;
      totals.errors += errors.length;
    }
    expect(report).toMatchObject({ scans: 12, profile: "loose", malformed_frames: 0, ...totals });
    expect(report.generated).toBeGreaterThan(0);
    expect(report.rejected).toBeGreaterThan(0);
    expect(report.telemetry.dropped).toEqual({});
  });

  it("are twelve traces, each with a span for every symbol below that of the scan", () => {
    for (const lines of runsOf(journal).values()) {
      const traceIds = [...new Set(lines.map(({ trace_id }) => trace_id))];
      expect(traceIds).toHaveLength(1);
      const spans = sink.spans.filter(({ traceId }) => traceId === traceIds[0]);
      const root = spans.find(({ name }) => name === "scan");
      expect(root).toBeDefined();
      const children = spans.filter(
        ({ name, parentSpanId }) => name === "scan_symbol" && parentSpanId === root?.spanId,
      );
      const symbols = children.map(({ attributes }) => attributes["trading.symbol"]);
      expect(symbols.toSorted()).toEqual(lines[0]?.data.symbols.toSorted());
    }
  });

  it("say of each symbol which gates it passed, up to the one that decided, and why", () => {
    let judged = 0;
    for (const lines of runsOf(journal).values()) {
      for (const [symbol, own] of Map.groupBy(lines, ({ symbol }) => symbol)) {
        if (symbol === undefined || ofType(own, "error_occurred").length > 0) continue;
        judged++;
        expectJudged(own);
      }
    }
    expect(judged).toBe(report.generated + report.rejected);
  });

  it("have an error now and then for a symbol that the venue does not list any more, and nothing else about it", () => {
    const about = [...runsOf(journal).values()].map((lines) => lines.filter(({ symbol }) => symbol === "MATIC/USDT"));
    const failing = about.map((lines) => lines.some(({ event_type }) => event_type === "error_occurred"));
    // Before the stream is open the venue is not asked.
    const first = failing.indexOf(true);
    expect(failing.slice(first, first + 7)).toEqual([true, false, true, false, false, false, true]);
    expect(about.slice(first).flat()).toHaveLength(failing.filter(Boolean).length);
    const { error_type, error_message, traceback } = about[first]?.[0]?.data ?? {};
    expect(error_type).toBe("SnapshotError");
    expect(error_message).toContain("Invalid symbol.");
    expect(traceback).toContain("snapshot-client");
  });
});

/** One symbol of one scan, which was judged. */
function expectJudged(lines: readonly JournalLine[]): void {
  const [decision, signal] = [ofType(lines, "decision")[0]?.data, lines.at(-1)];
  const passed = ofType(lines, "quality_gate_passed");
  const [failed, ...more] = ofType(lines, "quality_gate_failed");
  expect(more).toEqual([]);
  expect(decision.strategy).toBe("confluence");
  if (failed === undefined) {
    expect([signal?.event_type, passed.length, decision.decision]).toEqual(["signal_generated", 8, "ACCEPT"]);
    expect(signal?.data.direction).toMatch(/^(LONG|SHORT)$/);
    expect(signal?.data.entry_price).toMatch(/^\d+(\.\d+)?$/);
    expect(signal?.data.confidence_score).toBeGreaterThanOrEqual(54);
    expect(signal?.data.risk_reward_ratio).toBeGreaterThanOrEqual(1);
    return;
  }
  expect([signal?.event_type, decision.decision]).toEqual(["signal_rejected", "REJECT"]);
  const { gate_name, details } = failed.data;
  expect(signal?.data).toMatchObject({ gate_name, reason_code: decision.reason_code });
  expect([signal?.data.score, signal?.data.threshold]).toEqual([details.score, details.threshold]);
}

describe("the scanner process", () => {
  afterEach(tidyUp);

  it("goes on without a venue, rejecting what it has no data of, and ends with a report when its parent says so", async () => {
    const exchange = await startExchange();
    const scanner = startScanner([...placeOf(exchange), ...PACE]);
    await vi.waitUntil(() => scanner.messages.some(({ type }) => type === "status"), PATIENCE);
    await exchange.stop();
    const isGone = () => ofType(scanner.journal(), "signal_rejected").at(-1)?.data.reason_code === "venue_unavailable";
    await vi.waitUntil(isGone, PATIENCE);
    const rejected = ofType(scanner.journal(), "signal_rejected").at(-1);
    expect(rejected?.data).toMatchObject({ reason: "No data available", gate_name: "venue_connected" });
    scanner.child.send({ type: "stop" });
    const report = await scanner.report();
    expect(report.scans).toBeGreaterThan(1);
    expect(scanner.messages.map(({ type }) => type).filter((type) => type !== "status")).toEqual(["ready", "ended"]);
    expect(scanner.child.exitCode).toBe(0);
  }, 60_000);

  it.each(["SIGTERM", "SIGINT"] as const)(
    "starts an exchange of its own, and ends on %s with its report",
    async (signal) => {
      const scanner = startScanner(PACE);
      await vi.waitUntil(() => scanner.messages.some(({ type }) => type === "status"), PATIENCE);
      scanner.child.kill(signal);
      const report = await scanner.report();
      expect(report.frames).toBeGreaterThan(0);
      expect(scanner.child.exitCode).toBe(0);
    },
  );

  it("says what is wrong with its options and ends with code 1", async () => {
    const scanner = startScanner(["--profile", "reckless"]);
    await expect(scanner.report()).rejects.toThrow(/--profile reckless: expected one of balanced, strict, loose/);
    expect(scanner.messages).toMatchObject([{ type: "failed" }]);
    expect(scanner.child.exitCode).toBe(1);
  });
});
