import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdtempSync, openSync, readdirSync, rmSync, statSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { createSystemClock, tradingEvents } from "@tracebook/core";
import { createJournal, createJournalExporter } from "@tracebook/journal";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createEvent } from "../../test/store-events.ts";
import { OtlpError } from "../otlp/otlp-error.ts";
import { BODIES, logRecord } from "../otlp/testdata/stock-bodies.ts";
import type { Store } from "../store.ts";
import type { EventInput, NumberPointInput } from "../store-input.ts";
import { openSqliteStore } from "./index.ts";

let dir: string;
let path: string;
const open: Store[] = [];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "tracebook-store-"));
  path = join(dir, "telemetry.db");
});

afterEach(async () => {
  await Promise.all(open.splice(0).map((store) => store.close()));
  rmSync(dir, { recursive: true });
});

async function openStore(more: Partial<Parameters<typeof openSqliteStore>[0]> = {}): Promise<Store> {
  const store = await openSqliteStore({ path, reserveBytes: 0, ...more });
  open.push(store);
  return store;
}

const many = (count: number, first = 1) => Array.from({ length: count }, (_, i) => createEvent({ seq: first + i }));

describe("a store on SQLite", () => {
  test("what was written is found, now and when it is opened again", async () => {
    const store = await openStore();
    expect(await store.writeEvents(many(3))).toMatchObject({ written: 3, duplicates: 0, lastEventId: 3 });
    expect(await store.countEvents({})).toBe(3);
    await store.close();
    const again = await openStore();
    expect((await again.recentEvents(10)).map(({ id }) => id)).toEqual([3, 2, 1]);
    expect(again.health().problem).toBeUndefined();
  });

  test("takes OTLP requests, and says of a body that is none what is wrong with it", async () => {
    const store = await openStore();
    const body = Buffer.from(
      JSON.stringify({
        resourceLogs: [
          {
            resource: { attributes: [{ key: "service.name", value: { stringValue: "other" } }] },
            scopeLogs: [{ logRecords: [{ eventName: "trading.scan_started", timeUnixNano: "1763642096789012345" }] }],
          },
        ],
      }),
    );
    expect(await store.takeOtlp("logs", body, "json")).toMatchObject({ written: 1, rejected: 0 });
    expect(await store.recentEvents(1)).toMatchObject([{ event_type: "scan_started", service_name: "other" }]);
    await expect(store.takeOtlp("logs", Buffer.from("{"), "json")).rejects.toThrow(OtlpError);
    // The caller's bytes are still the caller's.
    expect(body.length).toBeGreaterThan(0);
  });

  test("answers each of many requests that come at once for itself, a bad one among them", async () => {
    const store = await openStore();
    const bodies = Array.from({ length: 40 }, (_, i) =>
      i % 10 === 7
        ? Buffer.from("nonsense")
        : BODIES.logs([logRecord({ attributes: { "trading.seq": i + 1 } })]).protobuf,
    );
    const answers = await Promise.allSettled(bodies.map((body) => store.takeOtlp("logs", body, "protobuf")));
    const good = bodies.map((_, i) => i).filter((i) => i % 10 !== 7);
    for (const [i, answer] of answers.entries())
      if (good.includes(i)) expect(answer).toMatchObject({ status: "fulfilled", value: { written: 1, rejected: 0 } });
      else expect(answer).toMatchObject({ status: "rejected", reason: { code: "malformed_otlp" } });
    const stored = await store.recentEvents(100, 0);
    expect(stored.map((event) => event.seq)).toEqual(good.map((i) => i + 1));
    expect(store.health()).toMatchObject({ written: 36, failedWrites: 4, pendingBytes: 0 });
  });

  test("tells listeners of what was written, and goes on when one of them throws", async () => {
    const store = await openStore();
    const heard: number[] = [];
    store.onWritten(() => {
      throw new Error("not yours");
    });
    const end = store.onWritten(({ lastEventId }) => heard.push(lastEventId));
    await store.writeEvents(many(2));
    await store.writeEvents(many(2));
    end();
    await store.writeEvents(many(1, 3));
    expect(heard).toEqual([2]);
    expect(store.health()).toMatchObject({ written: 3, duplicates: 2, rejected: 0, pendingBytes: 0 });
  });

  test("refuses what is more than may wait, and counts it", async () => {
    const store = await openStore({ maxPendingBytes: 1_048_576 });
    const writes = [store.writeEvents(many(2_000)), store.writeEvents(many(2_000, 2_001))];
    expect((await Promise.allSettled(writes)).map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
    await expect(writes[1]).rejects.toMatchObject({ code: "store_overloaded" });
    expect(store.health()).toMatchObject({ written: 2_000, failedWrites: 1, pendingBytes: 0 });
  });

  test("waits for another program's lock in its own thread, and refuses after the time that was given", async () => {
    const store = await openStore({ busyTimeoutMs: 50 });
    const other = new DatabaseSync(path);
    other.exec("BEGIN IMMEDIATE");
    await expect(store.writeEvents(many(1))).rejects.toMatchObject({ code: "database_busy" });
    expect(await store.countEvents({})).toBe(0);
    other.exec("ROLLBACK");
    other.close();
    expect(await store.writeEvents(many(1))).toMatchObject({ written: 1 });
  });

  test("refuses what waits behind a write that has waited for the lock in vain, without a wait of its own", async () => {
    const store = await openStore({ busyTimeoutMs: 1_000 });
    const other = new DatabaseSync(path);
    other.exec("BEGIN IMMEDIATE");
    // One behind the other, even thirty of them at a time, they would wait for much longer than this test may take.
    const writes = Array.from({ length: 2_000 }, (_, i) => store.writeEvents(many(1, i + 1)));
    const settled = await Promise.allSettled(writes);
    expect(new Set(settled.map((one) => (one.status === "rejected" ? one.reason.code : one.status)))).toEqual(
      new Set(["database_busy"]),
    );
    other.exec("ROLLBACK");
    other.close();
    expect(await store.writeEvents(many(1))).toMatchObject({ written: 1 });
  });

  test("leaves the file of another program as it is", async () => {
    writeFileSync(path, "a text of somebody else's\n".repeat(100));
    await expect(openStore()).rejects.toMatchObject({ code: "not_a_store" });
    expect(statSync(path).size).toBe(2_600);
    rmSync(path);
    const foreign = new DatabaseSync(path);
    foreign.exec("CREATE TABLE theirs (x)");
    foreign.close();
    await expect(openStore()).rejects.toMatchObject({ code: "not_a_store" });
  });

  test("after close nothing is taken", async () => {
    const store = await openStore();
    await store.close();
    await expect(store.writeEvents(many(1))).rejects.toMatchObject({ code: "store_closed" });
    await expect(store.countEvents({})).rejects.toMatchObject({ code: "store_closed" });
  });

  test("names a bad option, its value and the range", async () => {
    await expect(openStore({ cacheKib: 1 })).rejects.toThrow("cacheKib is 1, not a whole number from 1024 to 4194304");
    await expect(openSqliteStore({ path: "" })).rejects.toMatchObject({ code: "invalid_option" });
  });

  test("leaves out what cannot be an event, says so, and takes the others", async () => {
    const store = await openStore();
    let deep: unknown = "bottom";
    for (let i = 0; i < 2_000; i++) deep = { deep };
    const events = [
      createEvent({ timestamp: "yesterday" }),
      createEvent({ seq: 2, timestamp: "2026-11-20T13:34:56.5+01:00" }),
      createEvent({ seq: 3, data: { deep } as EventInput["data"] }),
    ];
    const result = await store.writeEvents(events);
    expect(result).toMatchObject({ written: 2, rejected: 1 });
    expect(result.message).toContain('"yesterday"');
    const [newest] = (await store.findEvents({}, 10, 0)).events;
    expect(newest).toMatchObject({ seq: 3 });
    expect(await store.countEvents({ endTime: "2026-11-20T12:34:56.500000Z" })).toBe(1);
  });

  test("refuses data that cannot leave the host's thread, and goes on", async () => {
    const store = await openStore();
    const data = { callback: () => {} } as unknown as EventInput["data"];
    await expect(store.writeEvents([createEvent({ data })])).rejects.toThrow("could not be cloned");
    expect(store.health()).toMatchObject({ failedWrites: 1, pendingBytes: 0 });
    expect(await store.writeEvents(many(1))).toMatchObject({ written: 1 });
  });

  test("takes counters of any size, and counts whole flows", async () => {
    const store = await openStore();
    const point = (value: number, timeMicros: number): NumberPointInput => ({
      type: "sum",
      source: { serviceName: "other", instanceId: "" },
      name: "trading_flow_outcomes_total",
      unit: "1",
      description: "",
      labels: { flow: "tick", stage: "book", reason_code: "no_signal" },
      startMicros: 1,
      timeMicros,
      isMonotonic: true,
      isCumulative: true,
      value,
    });
    // A year 2554, and more flows than there are numbers.
    const far = [point(2.4, 60e6), point(1e300, 120e6), point(1e301, 2 ** 64 / 1_000)];
    for (const one of far) expect(await store.writePoints([one])).toMatchObject({ written: 1 });
    const endTime = "1970-01-01T00:01:59.999999Z";
    expect(await store.flowOutcomes({ endTime })).toMatchObject([{ flow: "tick", count: 2 }]);
    expect(await store.writePoints([point(1e301, 60e6)])).toMatchObject({ duplicates: 1 });
  });

  test("exports what a filter finds", async () => {
    const store = await openStore();
    await store.writeEvents([...many(3), createEvent({ seq: 4, eventType: "scan_started", data: {} })]);
    const pieces: Uint8Array[] = [];
    for await (const piece of store.exportEvents({ eventType: "signal_rejected" }, "json")) pieces.push(piece);
    const events = JSON.parse(Buffer.concat(pieces).toString()) as unknown[];
    expect(events).toHaveLength(3);
  });
});

describe("a database that cannot be used", () => {
  test("is set aside and rebuilt from the journal, and it is said", async () => {
    const journalDir = join(dir, "journal");
    await writeJournal(journalDir, 500);
    const first = await openStore();
    await first.writeEvents(many(2_000));
    await first.close();
    damage(path);
    const lines: string[] = [];
    const store = await openStore({ journalDir, onProblem: (line) => lines.push(line) });
    // Damage in the middle is met by whoever reads or writes there first.
    await store.writeEvents(many(1, 5_000)).catch(() => {});
    await expect.poll(() => lines.length, { timeout: 10_000 }).toBe(2);
    await expect.poll(() => store.countEvents({ eventType: "scan_started" }), { timeout: 10_000 }).toBe(500);
    expect(lines[0]).toMatch(/It is now .*telemetry\.db\.corrupt-\d{8}T\d{6}Z, and .* was begun anew/);
    expect(lines[1]).toContain("500 records came back from the journal");
    expect(store.health().problem).toContain("500 records came back");
    expect(readdirSync(dir).some((name) => /^telemetry\.db\.corrupt-\d{8}T\d{6}Z$/.test(name))).toBe(true);
  });

  test("with a damaged header is set aside, and not taken for another program's", async () => {
    const first = await openStore();
    await first.writeEvents(many(10));
    await first.close();
    const descriptor = openSync(path, "r+");
    writeSync(descriptor, Buffer.alloc(16, 0xff), 0, 16, 0);
    closeSync(descriptor);
    const store = await openStore();
    expect(await store.countEvents({})).toBe(0);
    expect(store.health().problem).toContain("is damaged. It is now");
  });

  test("whose log is damaged keeps its rows, gets the last ones from the journal, and says so", async () => {
    const journalDir = join(dir, "journal");
    await writeJournal(journalDir, 20);
    const first = await openStore();
    await first.importJournal(journalDir);
    await first.close();
    writeFileSync(`${path}-wal`, Buffer.alloc(64, 0xff));
    const store = await openStore({ journalDir });
    await expect.poll(() => store.health().problem).toMatch(/The log of .* was damaged.*20 records came back/);
    expect(await store.countEvents({})).toBe(20);
  });

  test("is set aside when somebody who only reads finds the damage", async () => {
    const first = await openStore();
    await first.writeEvents(many(2_000));
    await first.close();
    const lines: string[] = [];
    const store = await openStore({ onProblem: (line) => lines.push(line) });
    damage(path);
    const pages = await Promise.allSettled([store.findEvents({}, 2_000, 0), store.findEvents({}, 1_000, 500)]);
    expect(pages).toContainEqual({ status: "fulfilled", value: { events: [], total: 0 } });
    expect(lines).toHaveLength(1);
    expect(await store.writeEvents(many(1))).toMatchObject({ written: 1 });
    expect(readdirSync(dir).filter((name) => /\.corrupt-\d{8}T\d{6}Z$/.test(name))).toHaveLength(1);
  });

  test("of a later version is set aside as well", async () => {
    const first = await openStore();
    await first.writeEvents(many(1));
    await first.close();
    const database = new DatabaseSync(path);
    database.exec("PRAGMA user_version = 999");
    database.close();
    const store = await openStore();
    expect(await store.countEvents({})).toBe(0);
    expect(store.health().problem).toContain("later schema version");
    expect(readdirSync(dir).some((name) => name.startsWith("telemetry.db.newer-"))).toBe(true);
  });
});

describe("a process that is killed", () => {
  test("in the midst of writing loses nothing that was acknowledged", async () => {
    let first = 1;
    for (let round = 0; round < 3; round++) {
      const acknowledged = await killInMidWriting(first, 30 + 90 * round);
      const store = await openStore();
      const stored = await store.countEvents({});
      expect(stored).toBeGreaterThanOrEqual(acknowledged);
      expect(stored - acknowledged).toBeLessThanOrEqual(10);
      await store.close();
      first = stored + 1;
    }
    const database = new DatabaseSync(path);
    expect(database.prepare("PRAGMA integrity_check").get()).toEqual({ integrity_check: "ok" });
    expect(database.prepare("SELECT sum(count) AS count FROM event_rollups WHERE resolution = 60").get()).toEqual({
      count: first - 1,
    });
    database.close();
  }, 60_000);
});

/** Starts a process that writes from `first` on, and kills it after so many more lines; returns the last number it printed. */
async function killInMidWriting(first: number, lines: number): Promise<number> {
  const child = spawn(
    process.execPath,
    [
      "--conditions=@tracebook/source",
      fileURLToPath(new URL("../../test/fixtures/writing-process.ts", import.meta.url)),
      path,
      "i-1",
      String(first),
    ],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  let last = first - 1;
  let count = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    last = Number(line);
    if (++count === lines) child.kill("SIGKILL");
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  return last;
}

async function writeJournal(journalDir: string, records: number): Promise<void> {
  const journal = createJournal({ dir: journalDir, instanceId: "j-1", clock: createSystemClock() });
  const exporter = createJournalExporter(journal);
  const logs = Array.from({ length: records }, () => ({
    hrTime: [1_763_642_096, 0] as const,
    eventName: `trading.${tradingEvents.scanStarted.eventType}`,
    attributes: { "trading.profile": "balanced" },
  }));
  exporter.export(logs, () => {});
  await journal.close();
}

/** Overwrites pages in the middle of a file, so that its header still looks well. */
function damage(file: string): void {
  const { size } = statSync(file);
  const descriptor = openSync(file, "r+");
  for (let at = 8_192; at < size; at += 4_096) writeSync(descriptor, Buffer.alloc(64, 0xff), 0, 64, at);
  closeSync(descriptor);
}
