// Telemetry with a store on SQLite as a destination in the same process: everything is there once, also after the database was locked.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import {
  decisions,
  defineFlow,
  judge,
  startTelemetry,
  type Telemetry,
  type TelemetryOptions,
  tradingEvents,
} from "@tracebook/node";
import type { Store } from "@tracebook/store";
import { openSqliteStore } from "@tracebook/store/sqlite";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { startReceiver } from "./receivers.ts";

const STAGES = ["book_to_signal", "signal_to_risk"] as const;
const tick = defineFlow("store_tick", { stages: STAGES });
/** Of the one test that counts what metrics have, which all tests of this file share. */
const lastTick = defineFlow("store_last_tick", { stages: STAGES });
const SPANS_PER_FLOW = 3;

let dir = "";
let store: Store;
let telemetry: Telemetry;

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), "tracebook-destination-"));
  store = await openSqliteStore({ path: join(dir, "telemetry.db"), busyTimeoutMs: 20, reserveBytes: 0 });
  vi.spyOn(process.stderr, "write").mockImplementation(() => true);
});
afterEach(async () => {
  await telemetry.shutdown();
  await store.close();
  vi.restoreAllMocks();
  rmSync(dir, { recursive: true, force: true });
});

async function start(options: TelemetryOptions = {}): Promise<Telemetry> {
  const common: TelemetryOptions = { enabled: true, dir, prometheus: false, instrument: "none", spool: false };
  const destinations = [{ name: "desk", take: store.takeOtlp }];
  telemetry = await startTelemetry({ ...common, serviceName: "basis-trader", ...options }, { destinations });
  return telemetry;
}

/** Flows with a decision and an order each. */
function trade(count: number, definition = tick): void {
  for (let i = 0; i < count; i++)
    definition.run({ symbol: "BTC/USDT" }, (flow) => {
      flow.mark("book_to_signal");
      decisions.record(judge({ gates: [{ name: "min_confluence", score: i % 2 === 0 ? 80 : 10, threshold: 70 }] }));
      flow.mark("signal_to_risk");
      tradingEvents.orderRequest.emit({
        client_order_id: `order-${i}`,
        symbol: "BTC/USDT",
        side: "buy",
        quantity: "0.10",
      });
    });
}

describe("a store as a destination", () => {
  it("beside an OTLP receiver has each span, decision, order and metric once, as health says", async () => {
    const receiver = await startReceiver();
    const { flush, health } = await start({ otlpEndpoint: receiver.url });
    trade(500);
    await flush();
    const { events, decisions: judged, spans } = await store.facts();
    expect([events, judged, spans]).toEqual([1_000, 500, 500 * SPANS_PER_FLOW]);
    const accepted = await store.findDecisions({ decision: "ACCEPT" }, 1_000);
    expect(accepted).toHaveLength(250);
    const { destinations, traces, logs } = health();
    expect(destinations["desk"]).toMatchObject({
      traces: { accepted: 1_500, delivered: 1_500, waiting: 0, dropped: 0 },
      logs: { accepted: 1_000, delivered: 1_000, waiting: 0, dropped: 0 },
      metrics: { waiting: 0, dropped: 0 },
    });
    expect([traces?.exported, logs?.exported]).toEqual([1_500, 1_000]);
    const { spans: ofTrace, events: inTrace } = await store.trace(accepted[0]?.trace_id ?? "");
    expect(ofTrace.map((span) => span.operation_name).sort()).toEqual([
      "book_to_signal",
      "signal_to_risk",
      "store_tick",
    ]);
    expect(inTrace.map(({ event_type: type }) => type).sort()).toEqual(["decision", "order_request"]);
    expect(store.health()).toMatchObject({ problem: undefined, duplicates: 0, rejected: 0, failedWrites: 0 });
  });

  it("that is locked by another program gets everything when it is free again, and the host goes on meanwhile", async () => {
    const { flush, health } = await start();
    const other = new DatabaseSync(join(dir, "telemetry.db"));
    other.exec("BEGIN IMMEDIATE");
    trade(300);
    await flush();
    await expect.poll(() => health().destinations["desk"]?.logs.lastError).toMatch(/\(database_busy\)$/);
    expect(health().destinations["desk"]).toMatchObject({
      traces: { delivered: 0, waiting: 900 },
      logs: { delivered: 0, waiting: 600, isFailing: true },
    });
    trade(100);
    other.exec("ROLLBACK");
    other.close();
    await expect.poll(() => health().destinations["desk"]?.logs.delivered, { timeout: 15_000 }).toBe(800);
    await flush();
    expect(await store.facts()).toMatchObject({ events: 800, decisions: 400, spans: 400 * SPANS_PER_FLOW });
    expect(health()).toMatchObject({ dropped: {}, destinations: { desk: { traces: { delivered: 1_200 } } } });
  });

  it("has all of it after the end of telemetry, which the store outlives", async () => {
    const { shutdown } = await start();
    trade(200, lastTick);
    await shutdown();
    expect(await store.facts()).toMatchObject({ events: 400, decisions: 200, spans: 200 * SPANS_PER_FLOW });
    const metric = { name: "trading_stage_duration_seconds", labels: { flow: "store_last_tick" }, stepSeconds: 60 };
    const counts = (await store.histogram(metric)).map(({ labels, slices }) => [
      labels["stage"],
      slices.reduce((sum, { count }) => sum + count, 0),
    ]);
    expect(counts).toContainEqual(["book_to_signal", 200]);
  });

  it("that is closed too early loses what comes, counted, and nothing else", async () => {
    const { flush, health } = await start();
    trade(10);
    await flush();
    await store.close();
    trade(10);
    await flush();
    const { destinations, dropped, journal } = health();
    expect(destinations["desk"]).toMatchObject({
      traces: { accepted: 60, delivered: 30, dropped: 30 },
      logs: { accepted: 40, delivered: 20, dropped: 20 },
    });
    expect(destinations["desk"]?.logs.lastError).toMatch(/\(store_closed\)$/);
    expect(dropped).toMatchObject({ destination_spans: { rejected: 30 }, destination_evidence: { rejected: 20 } });
    expect(journal).toMatchObject({ written: 40, dropped: {} });
  });
});
