// A worker thread that writes 500 records under an instance id that other threads use too.
import { workerData } from "node:worker_threads";
import { createSystemClock } from "@tracebook/core";
import type { EventKind } from "@tracebook/core/extension";
import { createJournal } from "../src/index.ts";

const clock = createSystemClock();
const journal = createJournal({ dir: (workerData as { dir: string }).dir, instanceId: "same", clock });
const kind: EventKind = {
  eventType: "signal",
  recordClass: "event",
  writeThrough: false,
  severityNumber: 9,
  stream: "events",
  toData: (payload) => payload as Record<string, unknown>,
};
const ids = { traced: false, trace0: 0, trace1: 0, trace2: 0, trace3: 0, span0: 0, span1: 0 };

for (let seq = 1; seq <= 500; seq++) {
  const head = {
    kind,
    seq,
    timeMs: clock.nowMs(),
    runId: "r",
    payload: { seq },
    symbol: undefined,
    strategy: undefined,
  };
  journal.accept({ ...head, ...ids }, false);
  if (seq % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
}
await journal.close();
