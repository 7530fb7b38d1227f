import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, onTestFinished, test } from "vitest";
import { createEvent } from "../../test/store-events.ts";
import { testFolder } from "../../test/test-database.ts";
import type { WorkerNotice } from "./worker-calls.ts";
import { WriterHost } from "./writer-host.ts";

function createHost(path: string, notify: (notice: WorkerNotice) => void = () => {}): WriterHost {
  const open = { path, isReadOnly: false, busyTimeoutMs: 0, cacheKib: 2_048 };
  const host = new WriterHost({ role: "writer", open, journalDir: undefined, reserveBytes: 0, redactKeys: [] }, notify);
  onTestFinished(() => host.close());
  return host;
}

const writeOf = (id: number, seqs: readonly number[]) => {
  return { id, method: "writeEvents", args: [seqs.map((seq) => createEvent({ seq }))] };
};

test("of writes that came together one that the database does not take is refused alone", () => {
  const path = join(testFolder(), "telemetry.db");
  const host = createHost(path);
  host.open();
  const database = new DatabaseSync(path);
  database.exec(
    "CREATE TRIGGER stop BEFORE INSERT ON telemetry_events WHEN new.seq = 4 BEGIN SELECT raise(ABORT, 'stop'); END",
  );
  const outcomes = host.writeAll([writeOf(1, [1, 2]), writeOf(2, [3, 4]), writeOf(3, [5])]);
  expect(outcomes).toMatchObject([
    { value: { written: 2 } },
    { error: { message: "stop" } },
    { value: { written: 1 } },
  ]);
  expect(database.prepare("SELECT group_concat(seq) AS seqs FROM telemetry_events").get()).toEqual(
    expect.objectContaining({ seqs: "1,2,5" }),
  );
  database.close();
});

test("what the database can do for none of them is tried once, and all are refused", () => {
  const path = join(testFolder(), "telemetry.db");
  const host = createHost(path);
  host.open();
  const other = new DatabaseSync(path);
  other.exec("BEGIN IMMEDIATE");
  const busy = { error: { code: "database_busy" } };
  expect(host.writeAll([writeOf(1, [1]), writeOf(2, [2])])).toMatchObject([busy, busy]);
  other.exec("ROLLBACK");
  other.close();
  expect(host.writeAll([writeOf(1, [1]), writeOf(2, [2])])).toMatchObject([
    { value: { written: 1 } },
    { value: { written: 1 } },
  ]);
});

test("what was redacted is told ahead of the answer, and once", () => {
  const told: WorkerNotice[] = [];
  const host = createHost(join(testFolder(), "telemetry.db"), (notice) => told.push(notice));
  host.open();
  const record = { body: { stringValue: "token=abc12345" }, attributes: [] };
  const text = JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords: [record] }] }] });
  const body = new TextEncoder().encode(text).slice();
  expect(host.writeAll([{ id: 1, method: "takeOtlp", args: ["logs", body, "json"] }])).toMatchObject([
    { value: { written: 1 } },
  ]);
  host.writeAll([writeOf(2, [1])]);
  expect(told).toMatchObject([{ kind: "counts", counts: { redacted: 1, truncated: 0 } }]);
});
