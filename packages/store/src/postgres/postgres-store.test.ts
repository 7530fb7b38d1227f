// The store on a real server: what is written, how often, and in which order it is seen.
import { createSystemClock, tradingEvents } from "@tracebook/core";
import { createJournal, createJournalExporter } from "@tracebook/journal";
import { afterEach, describe, expect, test } from "vitest";
import { HAS_POSTGRES, usePostgres } from "../../test/postgres-database.ts";
import { createEvent } from "../../test/store-events.ts";
import { createNumber } from "../../test/store-points.ts";
import { createSpan } from "../../test/store-spans.ts";
import { testFolder } from "../../test/test-database.ts";
import { openPostgresStore, type PostgresStore, type PostgresStoreOptions } from "./index.ts";

const open: PostgresStore[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((store) => store.close()));
});

async function openStore(url: string, more: Partial<PostgresStoreOptions> = {}): Promise<PostgresStore> {
  const store = await openPostgresStore({ url, ...more });
  open.push(store);
  return store;
}

const many = (count: number, first = 1) => Array.from({ length: count }, (_, i) => createEvent({ seq: first + i }));

describe.skipIf(!HAS_POSTGRES)("a store on PostgreSQL", () => {
  const databases = usePostgres();

  test("what was written is found, now and when it is opened again", async () => {
    const url = await databases.createEmpty();
    const store = await openStore(url);
    expect(await store.writeEvents(many(3))).toMatchObject({ written: 3, duplicates: 0, lastEventId: 3 });
    expect(await store.countEvents({})).toBe(3);
    await store.close();
    const again = await openStore(url);
    expect((await again.recentEvents(10)).map(({ id }) => id)).toEqual([3, 2, 1]);
    expect(again.health().problem).toBeUndefined();
  });

  test("a record is there once: within a request, in the next one, with another time, and beside new ones", async () => {
    const store = await openStore(await databases.create());
    expect(await store.writeEvents([...many(3), createEvent({ seq: 2 })])).toMatchObject({ written: 3, duplicates: 1 });
    expect(await store.writeEvents(many(4))).toMatchObject({ written: 1, duplicates: 3, lastEventId: 4 });
    const otherTime = createEvent({ seq: 1, timestamp: "2026-11-18T00:00:00.000000Z" });
    expect(await store.writeEvents([otherTime])).toMatchObject({ written: 0, duplicates: 1, lastEventId: 4 });
    expect(await store.writeEvents([createEvent({ seq: 0 }), createEvent({ seq: 0 })])).toMatchObject({ written: 2 });
    expect(await store.countEvents({})).toBe(6);
  });

  test("data comes back as it was written: the order of its fields, the spelling of decimals, NUL and halves of characters", async () => {
    const store = await openStore(await databases.create());
    const data = {
      z: "4.10",
      a: 1e21,
      nul: "a\0b",
      half: "x\ud800",
      escaped: "\\u0000",
      tab: "\t\n\r",
      tags: { nul: "\0" },
    };
    await store.writeEvents([createEvent({ eventType: "user_action", data: { ...data, event_name: "login" } })]);
    const [event] = await store.recentEvents(1);
    expect(JSON.stringify(event?.data)).toBe(JSON.stringify({ ...data, event_name: "login" }));
  });

  test("spans and points are there once, too", async () => {
    const store = await openStore(await databases.create());
    const spans = [createSpan({ spanId: "00000000000000a1" }), createSpan({ spanId: "00000000000000a2" })];
    expect(await store.writeSpans(spans)).toMatchObject({ written: 2, duplicates: 0 });
    expect(await store.writeSpans(spans)).toMatchObject({ written: 0, duplicates: 2 });
    expect(await store.writePoints([createNumber(1, 5), createNumber(1, 5)])).toMatchObject({
      written: 1,
      duplicates: 1,
    });
    expect(await store.writePoints([createNumber(1, 5)])).toMatchObject({ written: 0, duplicates: 1 });
  });

  test("takes OTLP requests without their secrets, and says of a body that is none what is wrong with it", async () => {
    const store = await openStore(await databases.create());
    const attributes = [{ key: "trading.api_key", value: { stringValue: "s3cret-word" } }];
    const logRecords = [{ eventName: "trading.scan_started", timeUnixNano: "1795177296789012345", attributes }];
    const body = Buffer.from(JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] }));
    expect(await store.takeOtlp("logs", body, "json")).toMatchObject({ written: 1, lastEventId: 1 });
    const [event] = await store.recentEvents(1);
    expect(event).toMatchObject({ event_type: "scan_started", timestamp: "2026-11-20T12:21:36.789012Z" });
    expect(JSON.stringify(event)).not.toContain("s3cret-word");
    expect(store.health()).toMatchObject({ written: 1, redacted: 1, pendingBytes: 0 });
    await expect(store.takeOtlp("logs", Buffer.from("nonsense"), "json")).rejects.toMatchObject({ name: "OtlpError" });
  });

  test("a journal is imported as often as one likes, and brought in when the store is opened", async () => {
    const dir = testFolder();
    await writeJournal(dir, 5);
    const url = await databases.create();
    const store = await openStore(url);
    expect(await store.importJournal(dir)).toMatchObject({ records: 5, written: 5, duplicates: 0 });
    expect(await store.importJournal(dir)).toMatchObject({ records: 5, written: 0, duplicates: 5 });
    const other = await openStore(await databases.create(), { journalDir: dir });
    await expect.poll(() => other.countEvents({})).toBe(5);
  });

  test("events are exported oldest first, all of a time among them", async () => {
    const store = await openStore(await databases.create());
    const last = createEvent({ seq: 1_301, timestamp: "2026-11-20T12:34:57.000000Z" });
    await store.writeEvents([last, ...many(1_300)]);
    let text = "";
    for await (const piece of store.exportEvents({}, "ndjson")) text += Buffer.from(piece).toString();
    const seqs = text
      .trimEnd()
      .split("\n")
      .map((line) => (JSON.parse(line) as { seq: number }).seq);
    expect(seqs).toEqual(Array.from({ length: 1_301 }, (_, i) => i + 1));
    expect(() => store.exportEvents({}, "xml" as "csv")).toThrow("format is");
  });
});

async function writeJournal(dir: string, records: number): Promise<void> {
  const journal = createJournal({ dir, instanceId: "j-1", clock: createSystemClock() });
  const logs = Array.from({ length: records }, () => ({
    hrTime: [1_763_642_096, 0] as const,
    eventName: `trading.${tradingEvents.scanStarted.eventType}`,
    attributes: { "trading.profile": "balanced" },
  }));
  createJournalExporter(journal).export(logs, () => {});
  await journal.close();
}
