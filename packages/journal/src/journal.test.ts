import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { createManualClock } from "@tracebook/core";
import type { EventKind } from "@tracebook/core/extension";
import { describe, expect, it } from "vitest";
import {
  createInstance,
  filesIn,
  KINDS,
  linesOf,
  NOON,
  openJournal,
  REJECT,
  testFolder,
  until,
} from "../test/records.ts";
import { createJournal, JournalError } from "./index.ts";

const EVENTS = "data/events/20261120/events.jsonl";

describe("recording", () => {
  it("puts evidence and market events into the day's file and pipeline events into the log", async () => {
    const { journal, dir, accept } = openJournal();
    accept(KINDS.decision, REJECT);
    accept(KINDS.riskPassed);
    accept(KINDS.bookSnapshot, { bids: [], asks: [] });
    await journal.flush();
    expect(filesIn(dir)).toEqual([EVENTS, "logs/telemetry.jsonl"]);
    expect(linesOf(join(dir, EVENTS)).map((line) => [line["seq"], line["event_type"]])).toEqual([
      [1, "decision"],
      [3, "orderbook_snapshot"],
    ]);
    expect(linesOf(join(dir, "logs/telemetry.jsonl")).map((line) => line["seq"])).toEqual([2]);
  });

  it("writes nothing during the call, and all of a full buffer right after it", async () => {
    const { dir, accept, journal } = openJournal({ bufferSize: 3, flushIntervalMs: 60_000 });
    accept(KINDS.decision);
    accept(KINDS.decision);
    accept(KINDS.decision);
    expect(statSync(join(dir, EVENTS)).size).toBe(0);
    expect(journal.stats()).toMatchObject({ accepted: 3, pending: 3, written: 0 });
    await new Promise((resolve) => setImmediate(resolve));
    expect(linesOf(join(dir, EVENTS))).toHaveLength(3);
    expect(journal.stats()).toMatchObject({ accepted: 3, pending: 0, written: 3, firstSeq: 1, lastSeq: 3 });
  });

  it("writes a buffer that does not fill up within the interval, again and again", async () => {
    const { dir, accept } = openJournal({ flushIntervalMs: 5 });
    for (let lines = 1; lines <= 3; lines++) {
      accept(KINDS.decision);
      await until(() => linesOf(join(dir, EVENTS)).length === lines);
    }
  });

  it("keeps no process alive for an interval that has not passed", () => {
    const { accept } = openJournal({ flushIntervalMs: 60_000 });
    accept(KINDS.decision);
    expect(process.getActiveResourcesInfo().filter((resource) => resource === "Immediate")).toEqual([]);
  });

  it("hands a record that precedes an action to the system before it returns, with everything before it, in order", () => {
    const { dir, accept } = openJournal({ bufferSize: 1_000, flushIntervalMs: 60_000 });
    accept(KINDS.decision);
    accept(KINDS.bookSnapshot);
    accept(KINDS.signal);
    accept(KINDS.riskPassed);
    accept(KINDS.orderRequest, { client_order_id: "x-1" });
    expect(linesOf(join(dir, EVENTS)).map((line) => line["seq"])).toEqual([1, 2, 3, 5]);
    expect(linesOf(join(dir, "logs/telemetry.jsonl")).map((line) => line["seq"])).toEqual([4]);
  });

  it("writes what waits when a crash handler asks for it, without waiting", () => {
    const { journal, dir, accept } = openJournal({ flushIntervalMs: 60_000 });
    accept(KINDS.decision);
    journal.writeSync();
    expect(linesOf(join(dir, EVENTS))).toHaveLength(1);
  });

  it("takes a record that its own encoding gives rise to", async () => {
    const { journal, dir, accept } = openJournal();
    let isFirst = true;
    const chatty: EventKind = {
      ...KINDS.signal,
      toData: () => {
        if (isFirst) accept(KINDS.orderRequest);
        isFirst = false;
        return {};
      },
    };
    accept(chatty);
    await journal.flush();
    expect(linesOf(join(dir, EVENTS)).map((line) => line["event_type"])).toEqual(["signal", "order_request"]);
  });

  it("keeps files and folders from other users", async () => {
    const { journal, dir, accept } = openJournal();
    accept(KINDS.riskPassed);
    await journal.flush();
    for (const file of [EVENTS, "logs/telemetry.jsonl", "data/journal.lock"])
      expect(statSync(join(dir, file)).mode & 0o777).toBe(0o600);
    for (const folder of ["data", "data/events", "data/events/20261120", "logs"])
      expect(statSync(join(dir, folder)).mode & 0o777).toBe(0o700);
  });

  it("counts what comes after the end, writes none of it, and closes twice without harm", async () => {
    const { journal, dir, accept } = openJournal();
    accept(KINDS.decision);
    await Promise.all([journal.close(), journal.close()]);
    accept(KINDS.decision);
    await journal.flush();
    expect(linesOf(join(dir, EVENTS))).toHaveLength(1);
    expect(journal.stats()).toMatchObject({
      accepted: 2,
      written: 1,
      pending: 0,
      dropped: { evidence: { closed: 1 } },
    });
    expect(existsSync(join(dir, "data/journal.lock"))).toBe(false);
  });

  it("continues a file of the same day after a restart", async () => {
    const dir = testFolder();
    for (const id of ["a-1", "a-2"]) {
      const { journal, accept } = openJournal({ dir, instance: createInstance(id) });
      accept(KINDS.decision);
      await journal.close();
    }
    expect(linesOf(join(dir, EVENTS)).map((line) => line["instance_id"])).toEqual(["a-1", "a-2"]);
  });

  it("does not record classes below the wanted one, and says so", async () => {
    const { journal, dir, accept } = openJournal({ dropBelow: "evidence" });
    accept(KINDS.bookSnapshot);
    accept(KINDS.signal);
    accept(KINDS.decision);
    await journal.flush();
    const lines = linesOf(join(dir, EVENTS));
    expect(lines.map((line) => line["event_type"])).toEqual(["decision", "records_dropped", "records_dropped"]);
    expect(lines[1]!["data"]).toEqual({ first_seq: 1, last_seq: 1, count: 1, class: "market", reason: "below_class" });
  });

  it("gives the time on its clock of a time of day", () => {
    const clock = createManualClock(NOON);
    const { journal } = openJournal({ instance: createInstance("a-1", clock) });
    clock.advanceTo(NOON + 5_000_000);
    expect(clock.epochMicros(journal.toTimeMs(NOON + 1_234_567))).toBe(NOON + 1_234_567);
  });
});

describe("options", () => {
  const good = { dir: "x", instanceId: "a", clock: createManualClock(0) };
  it.each([
    [{ bufferSize: 0 }, /bufferSize is 0; it must be an integer from 1 to 65536/],
    [{ flushIntervalMs: Number.NaN }, /flushIntervalMs is NaN/],
    [{ maxBytes: 100 }, /maxBytes is 100; it must be an integer from 1048576/],
    [{ retentionDays: 0.5 }, /retentionDays is 0.5/],
    [{ maxPendingRecords: 1 }, /maxPendingRecords is 1/],
    [{ fsync: "always" as "never" }, /fsync is "always"; it must be never or interval/],
    [{ dropBelow: "debug" as "event" }, /dropBelow is "debug"/],
    [{ dir: "" }, /dir is ""/],
    [{ instanceId: "" }, /instanceId is ""/],
  ])("throw at once when they are wrong: %o", (wrong, message) => {
    const open = () => createJournal({ ...good, ...wrong });
    expect(open).toThrow(JournalError);
    expect(open).toThrow(message);
  });

  it("give records a sequence of the journal's own when there is none", () => {
    const { journal } = openJournal();
    const own = createJournal({ dir: testFolder(), instanceId: "a", clock: createManualClock(NOON) });
    expect([own.nextSeq(), own.nextSeq(), journal.nextSeq()]).toEqual([1, 2, 1]);
    return own.close();
  });

  it("say nothing on their own: a journal that works is silent", async () => {
    const { journal, problems, accept, dir } = openJournal();
    accept(KINDS.decision);
    await journal.close();
    expect(problems).toEqual([]);
    expect(readFileSync(join(dir, EVENTS), "utf8")).not.toBe("");
  });
});
