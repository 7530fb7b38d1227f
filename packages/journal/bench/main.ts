// What the recorder costs: the call on the hot path, the encoding, the write, the write-through of an order request.
// Run: node --expose-gc --conditions=@tracebook/source bench/main.ts
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { createRedactor } from "@tracebook/core";
import {
  createJsonWriter,
  createSystemClock,
  type EventKind,
  type EventRecord,
  type JsonWriter,
} from "@tracebook/core/extension";
import { createJournal } from "../src/journal.ts";
import { LineEncoder } from "../src/line-encoder.ts";

const DECISION: Record<string, string> = {
  strategy: "basis",
  decision: "REJECT",
  reason_code: "insufficient_edge",
  reason: "net edge 1.20 bps is below the threshold of 1.50 bps",
  edge_unit: "bps",
  gross_edge: "4.10",
  fees_est: "2.00",
  slippage_est: "0.60",
  gas_est: "0",
  latency_buffer: "0.30",
  net_edge: "1.20",
  min_threshold: "1.50",
};
const FIELDS = Object.keys(DECISION).map((name, i) => {
  const fragment = new TextEncoder().encode(`${i === 0 ? "{" : ","}"${name}":`);
  return [fragment, name, i < 3 || name === "edge_unit" ? "label" : name === "reason" ? "string" : "plain"] as const;
});

function kindOf(eventType: string, options: Partial<EventKind>): EventKind {
  const toData = (payload: unknown) => payload as Record<string, unknown>;
  return {
    eventType,
    recordClass: "evidence",
    writeThrough: false,
    severityNumber: 9,
    stream: "events",
    toData,
    ...options,
  };
}

const written = kindOf("decision", {
  writeData(payload: unknown, _record: EventRecord, out: JsonWriter) {
    const data = payload as Record<string, string>;
    for (const [fragment, name, how] of FIELDS) {
      out.fragment(fragment);
      out[how](data[name]!);
    }
    out.raw("}");
  },
});
const walked = kindOf("decision", {});
const order = kindOf("order_request", { writeThrough: true });

function recordOf(kind: EventKind, seq: number, timeMs: number): EventRecord {
  const ids = { trace0: seq * 7, trace1: 0x1234abcd, trace2: -5, trace3: seq, span0: 77, span1: seq };
  return {
    kind,
    seq,
    timeMs,
    runId: "r-1",
    payload: DECISION,
    symbol: "BTC/USDT",
    strategy: "basis",
    traced: true,
    ...ids,
  };
}

/** The median of the rounds, and the best one: the difference is what else the machine does. */
function spread(rounds: number[]): string {
  rounds.sort((a, b) => a - b);
  return `${rounds[rounds.length >> 1]!.toFixed(0)} ns (best ${rounds[0]!.toFixed(0)})`;
}

function encoding(kind: EventKind): string {
  const clock = createSystemClock();
  const out = createJsonWriter({ redactor: createRedactor() });
  const encoder = new LineEncoder(out, "bench-1");
  const rounds: number[] = [];
  for (let round = 0; round < 15; round++) {
    const from = performance.now();
    for (let i = 0; i < 20_000; i++) {
      if (out.length > 65_536) out.reset();
      encoder.encode(recordOf(kind, i, from), clock.epochMicros(from + i * 0.5));
    }
    rounds.push(((performance.now() - from) * 1e6) / 20_000);
  }
  return spread(rounds);
}

async function recording(dir: string): Promise<void> {
  const clock = createSystemClock();
  const journal = createJournal({ dir, instanceId: "bench-1", clock });
  const calls: number[] = [];
  const totals: number[] = [];
  let seq = 0;
  for (let round = 0; round < 30; round++) {
    const records = Array.from({ length: 10_000 }, () => recordOf(written, ++seq, clock.nowMs()));
    const from = performance.now();
    for (const record of records) journal.accept(record, false);
    calls.push(((performance.now() - from) * 1e6) / records.length);
    await new Promise((resolve) => setImmediate(resolve));
    totals.push(((performance.now() - from) * 1e6) / records.length);
  }
  const orders: number[] = [];
  for (let i = 0; i < 2_000; i++) {
    const record = recordOf(order, ++seq, clock.nowMs());
    const from = performance.now();
    journal.accept(record, false);
    orders.push((performance.now() - from) * 1e6);
  }
  const { written: count, droppedTotal, bytesWritten } = journal.stats();
  console.log(`accept                    ${spread(calls)}`);
  console.log(`accept, encode and write  ${spread(totals)}`);
  console.log(
    `write-through             ${spread(orders)}, p99 ${orders[Math.floor(orders.length * 0.99)]!.toFixed(0)} ns`,
  );
  console.log(`${count} records, ${(bytesWritten / count).toFixed(0)} bytes each, ${droppedTotal} dropped`);
  await journal.close();
}

const dir = mkdtempSync(join(tmpdir(), "journal-bench-"));
console.log(`Node ${process.version}, ${cpus()[0]?.model}`);
console.log(`encode, writeData         ${encoding(written)}`);
console.log(`encode, toData            ${encoding(walked)}`);
await recording(dir);
rmSync(dir, { recursive: true });
