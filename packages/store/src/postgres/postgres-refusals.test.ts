// A server that is there, and does not take what it is given: too many connections, conflicts, timeouts, a process that stands still.
import pg from "pg";
import { describe, expect, onTestFinished, test } from "vitest";
import { command, HAS_POSTGRES, usePostgres } from "../../test/postgres-database.ts";
import { wrongCounts } from "../../test/postgres-recount.ts";
import { createEvent } from "../../test/store-events.ts";
import { LOCKS } from "./advisory-locks.ts";
import { openPostgresStore, type PostgresStore, type PostgresStoreOptions } from "./index.ts";

const PATIENT = { timeout: 20_000 };
const END_CONNECTIONS =
  "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'tracebook' AND datname = current_database()";
const BACKENDS =
  "SELECT pid FROM pg_stat_activity WHERE application_name = 'tracebook' AND datname = current_database()";

const events = (from: number, count: number) => Array.from({ length: count }, (_, i) => createEvent({ seq: from + i }));

describe.skipIf(!HAS_POSTGRES)("a server that refuses", () => {
  const databases = usePostgres(["max_connections=16", "superuser_reserved_connections=4", "deadlock_timeout=2s"]);

  async function openStore(url: string, options: Partial<PostgresStoreOptions> = {}): Promise<PostgresStore> {
    const store = await openPostgresStore({ url, poolSize: 1, ...options });
    onTestFinished(() => store.close());
    return store;
  }

  /** A role that may write, and the URL with which it does. */
  async function createWriter(role: string): Promise<{ readonly admin: string; readonly url: string }> {
    const admin = await databases.create();
    await command(admin, `CREATE ROLE ${role} LOGIN`);
    await command(
      admin,
      `SET search_path = tracebook; SELECT grant_tracebook_roles(writer => '${role}', reader => '${role}')`,
    );
    return { admin, url: databases.server.url(new URL(admin).pathname.slice(1), role) };
  }

  async function endConnections(admin: string): Promise<void> {
    await command(admin, END_CONNECTIONS);
    await expect.poll(async () => (await command(admin, BACKENDS)).rowCount, PATIENT).toBe(0);
  }

  async function expectOnce(url: string, store: PostgresStore, count: number): Promise<void> {
    expect(await store.countEvents({})).toBe(count);
    expect(await wrongCounts(url)).toEqual([]);
  }

  test("beyond the connection limit of its role it is told so, and goes on when it may", async () => {
    const { admin, url } = await createWriter("limited");
    const problems: string[] = [];
    const store = await openStore(url, { onProblem: (line) => problems.push(line) });
    await store.writeEvents(events(1, 3));
    await command(admin, "ALTER ROLE limited CONNECTION LIMIT 0");
    await endConnections(admin);
    const refusal = { code: "database_busy", message: expect.stringMatching(/too many connections.*CONNECTION LIMIT/) };
    await expect(store.writeEvents(events(4, 3))).rejects.toMatchObject(refusal);
    await expect(store.countEvents({})).rejects.toMatchObject(refusal);
    expect(store.health().problem).toMatch("too many connections");
    await command(admin, "ALTER ROLE limited CONNECTION LIMIT -1");
    expect(await store.writeEvents(events(4, 3))).toMatchObject({ written: 3 });
    await expect.poll(() => store.health().problem).toBeUndefined();
    expect(problems).toHaveLength(1);
    await expectOnce(admin, store, 6);
  });

  test("with no connection left on the server it is told so, and goes on when there is one", async () => {
    const { admin, url } = await createWriter("crowded");
    const store = await openStore(url);
    await store.writeEvents(events(1, 3));
    await endConnections(admin);
    const crowd: pg.Client[] = [];
    const leave = () => Promise.all(crowd.splice(0).map((client) => client.end()));
    onTestFinished(async () => void (await leave()));
    const isFull = async () => {
      const client = new pg.Client({ connectionString: url });
      client.on("error", () => {});
      return client.connect().then(
        () => !crowd.push(client),
        (error: { code?: string }) => error.code === "53300",
      );
    };
    while (!(await isFull()));
    await expect(store.writeEvents(events(4, 3))).rejects.toMatchObject({
      code: "database_busy",
      message: expect.stringMatching(/connection.*\(SQLSTATE 53300\).*max_connections/),
    });
    await leave();
    const again = () =>
      store.writeEvents(events(4, 3)).then(
        ({ written }) => written,
        () => 0,
      );
    await expect.poll(again, PATIENT).toBe(3);
    await expectOnce(admin, store, 6);
  });

  test("a batch that conflicts with another transaction is tried again, and refused when it always does", async () => {
    const url = await databases.create();
    const store = await openStore(url);
    await store.writeEvents(events(1, 1));
    const conflictUpTo = (times: number) =>
      command(
        url,
        `DROP SEQUENCE IF EXISTS tries; CREATE SEQUENCE tries;
         CREATE OR REPLACE FUNCTION conflict() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
           IF nextval('public.tries') <= ${times} THEN RAISE EXCEPTION 'could not serialize access' USING ERRCODE = '40001'; END IF;
           RETURN NULL;
         END $$;
         CREATE OR REPLACE TRIGGER conflict AFTER INSERT ON tracebook.telemetry_events EXECUTE FUNCTION conflict()`,
      );
    await conflictUpTo(2);
    expect(await store.writeEvents(events(2, 3))).toMatchObject({ written: 3, duplicates: 0 });
    await conflictUpTo(1_000);
    await expect(store.writeEvents(events(5, 3))).rejects.toMatchObject({ code: "database_busy" });
    await command(url, "DROP TRIGGER conflict ON tracebook.telemetry_events");
    expect(await store.writeEvents(events(5, 3))).toMatchObject({ written: 3, duplicates: 0 });
    await expectOnce(url, store, 7);
  });

  test("the victim of a deadlock is written with the next try", async () => {
    const url = await databases.create();
    const store = await openStore(url);
    await store.writeEvents(events(1, 1));
    const other = new pg.Client({ connectionString: url });
    await other.connect();
    onTestFinished(() => other.end());
    // The store finds out first.
    await other.query("SET deadlock_timeout = '60s'; BEGIN; UPDATE tracebook.instances SET events = events");
    const writing = store.writeEvents(events(2, 3));
    await expect
      .poll(async () => (await command(url, `${BACKENDS} AND wait_event_type = 'Lock'`)).rowCount, PATIENT)
      .toBe(1);
    // Had only once the store has let go of it.
    await other.query(`SELECT pg_advisory_xact_lock(${LOCKS.events}, hashtext('tracebook'))`);
    await other.query("COMMIT");
    expect(await writing).toMatchObject({ written: 3, duplicates: 0 });
    const { rows } = await command(
      url,
      "SELECT deadlocks > 0 AS had FROM pg_stat_database WHERE datname = current_database()",
    );
    expect(rows).toEqual([{ had: true }]);
    await expectOnce(url, store, 4);
  });

  test("a server whose transactions are serializable by default makes writers take turns all the same", async () => {
    const url = await databases.create();
    await command(
      url,
      `ALTER DATABASE ${new URL(url).pathname.slice(1)} SET default_transaction_isolation = 'serializable'`,
    );
    const stores = [await openStore(url), await openStore(url)];
    await Promise.all(
      stores.flatMap((store, i) =>
        Array.from({ length: 20 }, (_, k) => store.writeEvents(events(1 + 5 * (20 * i + k), 5))),
      ),
    );
    expect(stores.map((store) => store.health().failedWrites)).toEqual([0, 0]);
    await expectOnce(url, stores[0]!, 200);
  });

  test("a statement that takes too long is ended, refused as busy, and written when it is quick again", async () => {
    const url = await databases.create();
    const store = await openStore(url, { statementTimeoutMs: 1_500 });
    await store.writeEvents(events(1, 1));
    await command(
      url,
      `CREATE FUNCTION linger() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(60); RETURN NULL; END $$;
       CREATE TRIGGER linger AFTER INSERT ON tracebook.telemetry_events EXECUTE FUNCTION linger()`,
    );
    await expect(store.writeEvents(events(2, 3))).rejects.toMatchObject({
      code: "database_busy",
      message: expect.stringContaining("statement timeout (SQLSTATE 57014)"),
    });
    await command(url, "DROP TRIGGER linger ON tracebook.telemetry_events");
    expect(await store.writeEvents(events(2, 3))).toMatchObject({ written: 3, duplicates: 0 });
    await expectOnce(url, store, 4);
  });

  test("a process of the server that stands still with the lock is given up, and when it goes on everything is there once", async () => {
    const url = await databases.create();
    const store = await openStore(url, { statementTimeoutMs: 1_500 });
    await store.writeEvents(events(1, 1));
    const other = new pg.Client({ connectionString: url });
    await other.connect();
    onTestFinished(() => other.end());
    await other.query("BEGIN; UPDATE tracebook.instances SET events = events");
    const write = () => store.writeEvents(events(2, 3));
    const writing = write().catch((error: unknown) => error);
    const waiting = async () =>
      (await command(url, `${BACKENDS} AND wait_event_type = 'Lock'`)).rows as { pid: number }[];
    await expect.poll(waiting, PATIENT).toHaveLength(1);
    const [{ pid }] = (await waiting()) as [{ pid: number }];
    process.kill(pid, "SIGSTOP");
    await other.query("COMMIT");
    expect(await writing).toMatchObject({ code: "database_busy" });
    // The lock is still its own.
    await expect(write()).rejects.toMatchObject({ code: "database_busy" });
    process.kill(pid, "SIGCONT");
    await expect
      .poll(
        () =>
          write().then(
            ({ written, duplicates }) => written + duplicates,
            () => 0,
          ),
        PATIENT,
      )
      .toBe(3);
    await expectOnce(url, store, 4);
  });
});
