import { join } from "node:path";
import { context, TraceFlags, trace } from "@opentelemetry/api";
import {
  BatchLogRecordProcessor,
  LoggerProvider,
  type LogRecordExporter,
  SimpleLogRecordProcessor,
} from "@opentelemetry/sdk-logs";
import { createSystemClock, eventKindOf } from "@tracebook/core";
import { describe, expect, it } from "vitest";
import { createInstance, filesIn, linesOf, openJournal } from "../test/records.ts";
import { createJournalExporter, verifyJournal } from "./index.ts";

function exporting(options = {}) {
  const opened = openJournal({ instance: createInstance("a-1", createSystemClock()) });
  // Assigning it is the test: anyone's SDK takes it as it is.
  const exporter: LogRecordExporter = createJournalExporter(opened.journal, options);
  return { ...opened, exporter };
}

const SPAN = trace.wrapSpanContext({
  traceId: "0af7651916cd43dd8448eb211c80319c",
  spanId: "b7ad6b7169203331",
  traceFlags: TraceFlags.SAMPLED,
});

describe("the journal as an exporter of someone else's SDK", () => {
  it("writes events of Tracebook with their ids, run and symbol, and leaves other log records alone", async () => {
    const { journal, dir, exporter } = exporting();
    const provider = new LoggerProvider({ processors: [new BatchLogRecordProcessor({ exporter })] });
    const logger = provider.getLogger("test");
    context.with(context.active(), () => {
      logger.emit({
        eventName: "trading.decision",
        context: trace.setSpan(context.active(), SPAN),
        timestamp: new Date("2026-11-20T12:34:56.789Z"),
        attributes: {
          "trading.symbol": "BTC/USDT",
          "trading.run_id": "run-7",
          "trading.decision": "REJECT",
          "trading.reason_code": "no_edge",
          "trading.net_edge": "1.20",
          "http.method": "GET",
        },
      });
    });
    logger.emit({ eventName: "trading.risk_passed", body: { margin: "1.5" } });
    logger.emit({ body: "a plain log line" });
    await provider.forceFlush();
    const [day] = filesIn(dir);
    const [decision] = linesOf(join(dir, day!));
    expect(decision).toEqual({
      seq: 1,
      instance_id: "a-1",
      event_type: "decision",
      timestamp: "2026-11-20T12:34:56.789000Z",
      run_id: "run-7",
      trace_id: "0af7651916cd43dd8448eb211c80319c",
      span_id: "b7ad6b7169203331",
      symbol: "BTC/USDT",
      data: { decision: "REJECT", reason_code: "no_edge", net_edge: "1.20", "http.method": "GET" },
    });
    expect(linesOf(join(dir, "logs/telemetry.jsonl"))).toMatchObject([
      { seq: 2, event_type: "risk_passed", data: { margin: "1.5" } },
    ]);
    expect(journal.stats().written).toBe(2);
    expect((await verifyJournal(dir)).problems).toEqual([]);
    await provider.shutdown();
  });

  it("uses the declarations that it is given, but never holds up an export for a write-through", async () => {
    const { journal, exporter, dir } = exporting({ kindOf: eventKindOf });
    const provider = new LoggerProvider({ processors: [new SimpleLogRecordProcessor({ exporter })] });
    provider
      .getLogger("test")
      .emit({ eventName: "trading.order_request", attributes: { "trading.client_order_id": "x" } });
    expect(journal.stats().pending).toBe(1);
    await provider.shutdown();
    expect(linesOf(join(dir, filesIn(dir)[0]!))).toMatchObject([
      { event_type: "order_request", data: { client_order_id: "x" } },
    ]);
  });

  it("reports success to the SDK whatever the disk does: the journal keeps and counts by itself", () => {
    const { journal } = openJournal({ dir: "/proc/no-such-folder" });
    const results: unknown[] = [];
    const log = { hrTime: [1, 0] as const, eventName: "trading.decision", attributes: {} };
    createJournalExporter(journal).export([log], (result) => results.push(result));
    expect(results).toEqual([{ code: 0 }]);
    expect(journal.stats()).toMatchObject({ accepted: 1, pending: 1 });
  });
});
