// A server that ends in the midst of it, and comes back.
import { describe, expect, onTestFinished, test } from "vitest";
import { command, HAS_POSTGRES, usePostgres } from "../../test/postgres-database.ts";
import { createEvent } from "../../test/store-events.ts";
import { StoreError } from "../errors.ts";
import { openPostgresStore } from "./index.ts";

describe.skipIf(!HAS_POSTGRES)("a server that fails", () => {
  const databases = usePostgres();

  test("crashed in mid run, writes are refused, and after its start the store goes on by itself, nothing twice", async () => {
    const url = await databases.create();
    const problems: string[] = [];
    const store = await openPostgresStore({ url, onProblem: (line) => problems.push(line) });
    onTestFinished(() => store.close());
    const batch = (i: number) => Array.from({ length: 20 }, (_, k) => createEvent({ seq: i * 20 + k + 1 }));
    const refused = new Set<string>();
    const write = async (i: number): Promise<void> => {
      // Whoever is refused sends the same again.
      for (;;)
        try {
          await store.writeEvents(batch(i));
          return;
        } catch (error) {
          if (!(error instanceof StoreError)) throw error;
          refused.add(error.code);
        }
    };
    const writing = Array.from({ length: 40 }, async (_, i) => write(i));
    await Promise.race(writing);
    await databases.server.crash();
    await expect.poll(() => store.health().problem, { timeout: 20_000 }).toBeDefined();
    await databases.server.start();
    await Promise.all(writing);
    expect([...refused]).toEqual(["database_unavailable"]);
    expect(problems).toHaveLength(1);
    expect(await store.countEvents({})).toBe(800);
    const ids = (await store.recentEvents(1_000, 0)).map(({ id }) => id);
    expect(new Set(ids).size).toBe(800);
    await expect.poll(() => store.health().problem).toBeUndefined();
  });

  test("down at the start, it says so without the password", async () => {
    const url = await databases.create();
    const { host, pathname } = new URL(url);
    const opening = openPostgresStore({ url: `postgres://bot:s3cret-word@${host}${pathname}x` });
    const error = await opening.then(
      () => undefined,
      (reason: unknown) => reason as StoreError,
    );
    expect(error).toMatchObject({ code: "database_unavailable" });
    expect(`${error?.message} ${error?.stack}`).not.toContain("s3cret-word");
  });

  test("a lock that somebody holds is waited for no longer than the timeout, and then the same is written", async () => {
    const url = await databases.create();
    const store = await openPostgresStore({ url, statementTimeoutMs: 4_000 });
    onTestFinished(() => store.close());
    await store.writeEvents([createEvent()]);
    const holding = command(url, "BEGIN; LOCK TABLE tracebook.last_ids; SELECT pg_sleep(60)").catch(() => {});
    await expect
      .poll(
        async () =>
          (await command(url, "SELECT FROM pg_locks WHERE relation = 'tracebook.last_ids'::regclass")).rowCount,
      )
      .toBe(1);
    await expect(store.writeEvents([createEvent({ seq: 2 })])).rejects.toMatchObject({ code: "database_busy" });
    await command(
      url,
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)%' AND pid <> pg_backend_pid()",
    );
    await holding;
    expect(await store.writeEvents([createEvent({ seq: 2 })])).toMatchObject({ written: 1 });
  });
});
