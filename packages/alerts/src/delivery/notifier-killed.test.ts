// A process that delivers and is killed at any moment loses no message, and sends none twice that the receiver could not know by its key.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openSqliteStore } from "@tracebook/store/sqlite";
import { expect, onTestFinished, test } from "vitest";
import { startReceiver } from "../../test/receiver.ts";
import { makeAlert, makeEntry } from "../../test/stored-alerts.ts";

const ALERTS = 60;
const KILLS = 5;
const START = Date.parse("2026-11-20T12:00:00Z");

test("a process that is killed while it delivers loses nothing, keeps the order, and repeats only under the same key", {
  timeout: 120_000,
}, async () => {
  const dir = mkdtempSync(join(tmpdir(), "tracebook-delivery-"));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const path = join(dir, "telemetry.db");
  const ids = await fillOutbox(path);

  let child: ChildProcess | undefined;
  let killAt = Number.POSITIVE_INFINITY;
  const receiver = await startReceiver((response) => {
    // Some are killed before the answer, some after it.
    if (receiver.requests.length < killAt) response.end("ok");
    else if (killAt % 2 === 0) response.end("ok", () => void child?.kill("SIGKILL"));
    else child?.kill("SIGKILL");
  });
  onTestFinished(() => receiver.close());
  for (let run = 0; run <= KILLS; run++) {
    killAt = run < KILLS ? receiver.requests.length + 3 + run * 4 : Number.POSITIVE_INFINITY;
    child = spawnDelivery(path, receiver.url, run * 60_000);
    await once(child, "exit");
  }

  const keys = receiver.requests.map(({ headers }) => String(headers["idempotency-key"]));
  expect(new Set(keys)).toEqual(new Set(ids));
  // Only what was under way at a kill, at most four messages at a time, may have come again.
  expect(keys.length - ids.length).toBeLessThanOrEqual(KILLS * 4);
  for (let i = 0; i < ALERTS; i++) expect(keys.indexOf(ids[2 * i]!)).toBeLessThan(keys.indexOf(ids[2 * i + 1]!));
  const store = await openSqliteStore({ path });
  onTestFinished(() => store.close());
  const outbox = await store.alerts.notifications(undefined, 10_000);
  expect(outbox.map(({ status }) => status)).toEqual(outbox.map(() => "delivered"));
});

/** A firing and a resolve of each alert, in this order. */
async function fillOutbox(path: string): Promise<readonly string[]> {
  const store = await openSqliteStore({ path });
  const entries = Array.from({ length: ALERTS }, (_, i) => {
    const alert = makeAlert({ alert_id: `alert-${i}` });
    return [makeEntry(alert, "firing", "hook", START + i), makeEntry(alert, "resolved", "hook", START + 1_000 + i)];
  }).flat();
  await store.alerts.commit({ notifications: entries });
  await store.close();
  return entries.map(({ notification_id }) => notification_id);
}

function spawnDelivery(path: string, url: string, aheadMs: number): ChildProcess {
  const program = fileURLToPath(new URL("../../test/fixtures/deliver.ts", import.meta.url));
  const command = ["--conditions=@tracebook/source", "--no-warnings", program, path, url, String(aheadMs)];
  return spawn(process.execPath, command, { stdio: "inherit" });
}
