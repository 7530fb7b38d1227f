// What the library tells about itself, read from a registry.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createManualClock, tradingEvents } from "@tracebook/core";
import type { EventRecord } from "@tracebook/core/extension";
import { createJournal, type Journal } from "@tracebook/journal";
import { createTradingMetrics } from "@tracebook/metrics";
import { expect, it, onTestFinished } from "vitest";
import { createSelfMetrics } from "./self-metrics.ts";

const LATE = "tracebook_journal_late_records_total";
const clock = createManualClock(Date.UTC(2026, 10, 20, 12) * 1000);
const NOTHING_SENT = { stats: () => [] };

function sendOrder(journal: Journal): void {
  const kind = tradingEvents.orderRequest.kind as EventRecord["kind"];
  const ids = { traced: false, trace0: 0, trace1: 0, trace2: 0, trace3: 0, span0: 0, span1: 0 };
  const head = { kind, seq: journal.nextSeq(), timeMs: clock.nowMs(), runId: "run-1", payload: {} };
  journal.accept({ ...head, symbol: "BTC/USDT", strategy: "basis", ...ids }, false);
}

it("counts order requests that went out before they were on disk: from 0 on, and each of them once", async () => {
  const folder = mkdtempSync(join(tmpdir(), "tracebook-self-"));
  const dir = join(folder, "journal");
  const journal = createJournal({ dir, instanceId: "a-1", clock });
  const metrics = createTradingMetrics();
  const stop = createSelfMetrics(metrics).watch(NOTHING_SENT, journal);
  onTestFinished(async () => {
    stop();
    await journal.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const read = () => {
    const named = metrics.registry.collect().metrics.filter(({ definition }) => definition.name === LATE);
    return named.map(({ points }) => points);
  };

  sendOrder(journal);
  expect(read()).toEqual([[{ labels: {}, value: 0 }]]);
  // Something else in the place of the folder: nothing can be written, whoever runs this.
  rmSync(dir, { recursive: true });
  writeFileSync(dir, "");
  clock.advanceTo(clock.epochMicros(clock.nowMs()) + 2_000_000);
  for (let i = 0; i < 3; i++) sendOrder(journal);
  expect(read()).toEqual([[{ labels: {}, value: 3 }]]);
  expect(read()).toEqual([[{ labels: {}, value: 3 }]]);
  rmSync(dir);
  await journal.flush();
  sendOrder(journal);
  expect(read()).toEqual([[{ labels: {}, value: 3 }]]);
  expect(journal.stats()).toMatchObject({ written: 5, pending: 0 });
});
