import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { toTimestamp } from "@tracebook/core";
import type { ImportOptions, ImportResult } from "@tracebook/store";
import { openSqliteStore } from "@tracebook/store/sqlite";
import { expect, onTestFinished, test } from "vitest";
import { openTestDesk, testFolder, until } from "../test/test-desk.ts";
import { JournalSource } from "./journal-source.ts";

const DAY_MS = 86_400_000;
const NOW_MS = Date.UTC(2026, 10, 20, 12);
const nothing: ImportResult = { records: 0, written: 0, duplicates: 0, skipped: 0 };

function lineOf(seq: number, timeMs: number): string {
  const timestamp = toTimestamp(timeMs * 1_000);
  return `${JSON.stringify({ seq, instance_id: "a-1", event_type: "scan_started", timestamp, run_id: "r", data: { seq } })}\n`;
}

/** A journal with so many records, one each second. */
function journalOf(dir: string, count: number, timeMs = NOW_MS): string {
  const day = toTimestamp(timeMs * 1_000)
    .slice(0, 10)
    .replaceAll("-", "");
  const folder = join(dir, "data", "events", day);
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "events.jsonl");
  writeFileSync(file, Array.from({ length: count }, (_, i) => lineOf(i + 1, timeMs + i * 1_000)).join(""));
  return file;
}

test("a journal is read into the store when a desk is opened, and the cache has it", async () => {
  const dir = testFolder();
  journalOf(dir, 5, Date.now() - 60_000);
  const { desk, get } = await openTestDesk({ journalDir: dir });
  await until(async () => (await desk.getEventCount()) === 5);
  await until(async () => (await get("/api/telemetry/recent")).json.count === 5);
  expect(desk.health().problems).toEqual([]);
});

test("a journal that has grown is read again, what is there is not written twice, and one that has not is left alone", async () => {
  const dir = testFolder();
  const store = await openSqliteStore({ path: join(dir, "t.db") });
  onTestFinished(() => store.close());
  const asked: ImportOptions[] = [];
  const importJournal = (from: string, options: ImportOptions = {}) => {
    asked.push(options);
    return store.importJournal(from, options);
  };
  let told = 0;
  const source = new JournalSource({
    store: { importJournal },
    dir,
    oldest: () => undefined,
    nowMs: () => NOW_MS,
    onWritten: () => told++,
  });
  onTestFinished(() => source.close());
  // Nobody has begun it yet.
  await source.read();
  expect([asked, source.problem]).toEqual([[], undefined]);
  const file = journalOf(dir, 3);
  await source.read();
  await source.read();
  expect(asked).toEqual([{}]);
  appendFileSync(file, lineOf(4, NOW_MS + 4_000));
  await source.read();
  // What comes late is found: a quarter of an hour is read again.
  expect(asked).toEqual([{}, { from: toTimestamp((NOW_MS - 15 * 60_000) * 1_000) }]);
  expect([await store.countEvents({}), told]).toEqual([4, 2]);
});

test("what is older than what is kept is not read in again", async () => {
  const dir = testFolder();
  journalOf(dir, 1);
  const asked: ImportOptions[] = [];
  const oldest = toTimestamp((NOW_MS - 30 * DAY_MS) * 1_000);
  const source = new JournalSource({
    store: {
      importJournal: (_, options = {}) => {
        asked.push(options);
        return Promise.resolve(nothing);
      },
    },
    dir,
    oldest: () => oldest,
    nowMs: () => NOW_MS,
    onWritten: () => {},
  });
  onTestFinished(() => source.close());
  await source.read();
  expect(asked).toEqual([{ from: oldest }]);
});

test("a journal that cannot be read is a problem until it can", async () => {
  const dir = testFolder();
  const file = journalOf(dir, 1);
  let failure: Error | undefined = new Error("EACCES");
  const source = new JournalSource({
    store: { importJournal: () => (failure === undefined ? Promise.resolve(nothing) : Promise.reject(failure)) },
    dir,
    oldest: () => undefined,
    nowMs: () => NOW_MS,
    onWritten: () => {},
  });
  onTestFinished(() => source.close());
  await source.read();
  expect(source.problem).toBe(`the journal in ${dir} could not be read: EACCES`);
  failure = undefined;
  appendFileSync(file, lineOf(2, NOW_MS));
  await source.read();
  expect(source.problem).toBeUndefined();
});
