// A process that writes a journal, for the tests with real processes: says on fd 3 what it was promised to be on disk.
// Run: node --conditions=@tracebook/source writer-process.ts DIR INSTANCE COUNT
import { writeSync } from "node:fs";
import { createSystemClock } from "@tracebook/core";
import type { EventKind, EventRecord } from "@tracebook/core/extension";
import { createJournal } from "../src/index.ts";

const [dir = "", instanceId = "", count = "0"] = process.argv.slice(2);
const clock = createSystemClock();
let seq = 0;
const journal = createJournal({
  dir,
  instanceId,
  clock,
  nextSeq: () => ++seq,
  onProblem: (line) => console.error(line),
});

const base = { severityNumber: 9, toData: (payload: unknown) => payload as Record<string, unknown> };
const order: EventKind = {
  ...base,
  eventType: "order_request",
  recordClass: "evidence",
  writeThrough: true,
  stream: "events",
};
const step: EventKind = {
  ...base,
  eventType: "risk_passed",
  recordClass: "event",
  writeThrough: false,
  stream: "telemetry",
};
const ids = { traced: false, trace0: 0, trace1: 0, trace2: 0, trace3: 0, span0: 0, span1: 0 };

function accept(kind: EventKind, payload: unknown): number {
  const head = {
    kind,
    seq: ++seq,
    timeMs: clock.nowMs(),
    runId: "r",
    payload,
    symbol: "BTC/USDT",
    strategy: undefined,
  };
  journal.accept({ ...head, ...ids } satisfies EventRecord, false);
  return head.seq;
}

for (let i = 0; i < Number(count); i++) {
  for (let k = 0; k < 5; k++) accept(step, { i, k, text: "x".repeat(k * 50) });
  const promised = accept(order, { client_order_id: `${instanceId}-${i}` });
  // In a whole line: the parent may stop reading anywhere.
  writeSync(3, `${promised}\n`);
  if (i % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
}
await journal.close();
