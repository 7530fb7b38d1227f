// A program that keeps what it does in a store, as installed from npm: its threads start from the published files.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSqliteStore } from "@tracebook/store/sqlite";

const dir = mkdtempSync(join(tmpdir(), "tracebook-consumer-"));
const store = await openSqliteStore({ path: join(dir, "telemetry.db") });
const event = {
  eventType: "scan_started",
  timestamp: "2026-11-20T12:34:56.789012Z",
  source: { serviceName: "consumer", instanceId: "one" },
  seq: 1,
  severityNumber: 9,
  data: { profile: "balanced" },
};
assert.equal((await store.writeEvents([event])).written, 1);
const { events, total } = await store.findEvents({ eventType: "scan_started" }, 10, 0);
assert.deepEqual([total, events[0].data], [1, { profile: "balanced" }]);
await store.close();
rmSync(dir, { recursive: true });
