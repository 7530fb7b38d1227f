// A network between the store and its server that is slow, and that fails at the worst moments.
import { describe, expect, onTestFinished, test } from "vitest";
import { command, HAS_POSTGRES, usePostgres } from "../../test/postgres-database.ts";
import { type PostgresProxy, startPostgresProxy } from "../../test/postgres-proxy.ts";
import { wrongCounts } from "../../test/postgres-recount.ts";
import { createEvent } from "../../test/store-events.ts";
import { LOCKS } from "./advisory-locks.ts";
import { openPostgresStore, type PostgresStore } from "./index.ts";

/** More than fits in one piece of the network. */
const EVENTS = 2_000;
const PATIENT = { timeout: 20_000 };
const EVENTS_LOCK = `pg_advisory_xact_lock(${LOCKS.events}, hashtext('tracebook'))`;

const batch = Array.from({ length: EVENTS }, (_, i) =>
  createEvent({
    seq: i + 1,
    data: { reason_code: "gate_failed", reason: `no confluence ${i}`, note: "x".repeat(100) },
  }),
);

interface Parts {
  readonly url: string;
  readonly proxy: PostgresProxy;
  readonly store: PostgresStore;
}

describe.skipIf(!HAS_POSTGRES)("a network that fails", () => {
  const databases = usePostgres();

  async function openBehindProxy(): Promise<Parts> {
    const url = await databases.create();
    const proxy = await startPostgresProxy(url);
    const store = await openPostgresStore({ url: proxy.url });
    onTestFinished(async () => {
      await store.close();
      await proxy.close();
    });
    return { url, proxy, store };
  }

  async function expectAllOnce({ url, store }: Parts): Promise<void> {
    expect(await store.countEvents({})).toBe(EVENTS);
    expect(await wrongCounts(url)).toEqual([]);
    expect(await store.writeEvents(batch)).toMatchObject({ written: 0, duplicates: EVENTS });
  }

  test("cut in the middle of a COPY, nothing of the batch is there, and sent again it is there once", async () => {
    const parts = await openBehindProxy();
    const cut = parts.proxy.cutBefore(`no confluence ${EVENTS - 100}`);
    await expect(parts.store.writeEvents(batch)).rejects.toMatchObject({ code: "database_unavailable" });
    await cut;
    expect(await parts.store.countEvents({})).toBe(0);
    expect(await parts.store.writeEvents(batch)).toMatchObject({ written: EVENTS, duplicates: 0 });
    await expectAllOnce(parts);
  });

  test("cut between the COMMIT and its answer, the batch counts as written, and is there once", async () => {
    const parts = await openBehindProxy();
    const { url, proxy, store } = parts;
    const isThere = () =>
      expect
        .poll(async () => (await command(url, "SELECT FROM tracebook.telemetry_events LIMIT 1")).rowCount, PATIENT)
        .toBe(1);
    const cut = proxy.cutAfter("store_events(); COMMIT", isThere);
    expect(await store.writeEvents(batch)).toMatchObject({ written: EVENTS, duplicates: 0, lastEventId: EVENTS });
    await cut;
    expect(store.health()).toMatchObject({ written: EVENTS, failedWrites: 0, problem: undefined });
    await expectAllOnce(parts);
  });

  test("cut before the COMMIT was there, the batch is refused, and sent again it is there once", async () => {
    const parts = await openBehindProxy();
    const cut = parts.proxy.cutBefore("store_events(); COMMIT");
    await expect(parts.store.writeEvents(batch)).rejects.toMatchObject({ code: "database_unavailable" });
    await cut;
    expect(await parts.store.writeEvents(batch)).toMatchObject({ written: EVENTS });
    await expectAllOnce(parts);
  });

  test("a transaction that a crash has undone is not taken for another one that got its number", async () => {
    const parts = await openBehindProxy();
    const { url, proxy, store } = parts;
    const holding = command(url, `BEGIN; SELECT ${EVENTS_LOCK}; SELECT pg_sleep(60)`).catch(() => {});
    const waiting =
      "SELECT FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
    const locks = (where = "") =>
      expect.poll(async () => (await command(url, `${waiting} ${where}`)).rowCount, PATIENT);
    await locks().toBe(1);
    let given = "";
    const cut = proxy.cutAfter("store_events(); COMMIT", async () => {
      await locks("AND NOT granted").toBe(1);
      const { rows } = await command(
        url,
        "SELECT backend_xid::text AS xid FROM pg_stat_activity WHERE backend_xid IS NOT NULL AND wait_event = 'advisory'",
      );
      given = (rows[0] as { xid: string }).xid;
      await databases.server.crash();
      await holding;
      await databases.server.start();
      const status = `SELECT pg_current_xact_id()::text AS xid`;
      await expect
        .poll(async () => Number((await command(url, status)).rows[0].xid), PATIENT)
        .toBeGreaterThan(Number(given));
    });
    expect(await store.writeEvents(batch)).toMatchObject({ written: EVENTS });
    await cut;
    expect((await command(url, `SELECT pg_xact_status('${given}') AS status`)).rows).toEqual([{ status: "committed" }]);
    await expectAllOnce(parts);
  });

  test("on a slow network everything is written and answered, only later", async () => {
    const parts = await openBehindProxy();
    parts.proxy.delay(60);
    expect(await parts.store.writeEvents(batch)).toMatchObject({ written: EVENTS });
    expect(await parts.store.recentEvents(3, EVENTS - 3)).toHaveLength(3);
    parts.proxy.delay(0);
    await expectAllOnce(parts);
  });
});
