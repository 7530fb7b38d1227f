// Two writers of one database, of which one is cut off, ends, and is started again: what it has missed comes from its journal.
import { describe, expect, onTestFinished, test } from "vitest";
import { createJournaledWriter, tryWrite } from "../../test/journaled-writer.ts";
import { command, HAS_POSTGRES, usePostgres } from "../../test/postgres-database.ts";
import { type PostgresProxy, startPostgresProxy } from "../../test/postgres-proxy.ts";
import { wrongCounts } from "../../test/postgres-recount.ts";
import { testFolder } from "../../test/test-database.ts";
import { openPostgresStore, type PostgresStore } from "./index.ts";

const PATIENT = { timeout: 20_000 };
const EACH = 50;
const HOUR_MS = 3_600_000;

describe.skipIf(!HAS_POSTGRES)("a writer that was cut off", () => {
  const databases = usePostgres();

  async function open(url: string, journalDir: string, problems: string[] = []): Promise<PostgresStore> {
    const store = await openPostgresStore({ url, journalDir, onProblem: (line) => problems.push(line) });
    onTestFinished(() => store.close());
    await expect.poll(() => store.health().problem, PATIENT).toBeUndefined();
    return store;
  }

  async function openProxy(url: string): Promise<PostgresProxy> {
    const proxy = await startPostgresProxy(url);
    onTestFinished(() => proxy.close());
    return proxy;
  }

  const rowsOf = async (url: string, instance: string) => {
    const sql = `SELECT count(*)::int AS rows FROM tracebook.telemetry_events AS e JOIN tracebook.instances AS i ON i.id = e.instance WHERE i.key = '${instance}'`;
    return ((await command(url, sql)).rows[0] as { rows: number }).rows;
  };

  test("for hours, while another one went on, has all of it in the database after its next start, and nothing twice", async () => {
    const url = await databases.create();
    const dirs = [testFolder(), testFolder()] as const;
    // Hours pass for both; that is what their records say, and all that a store goes by.
    let behindMs = 6 * HOUR_MS;
    const [cut, other] = [
      createJournaledWriter(dirs[0], "cut", () => behindMs),
      createJournaledWriter(dirs[1], "other", () => behindMs),
    ];
    onTestFinished(async () => void (await Promise.all([cut.close(), other.close()])));
    const proxy = await openProxy(url);
    const [first, second] = [await open(proxy.url, dirs[0]), await open(url, dirs[1])];
    expect(await tryWrite(first, await cut.record(EACH))).toBeUndefined();
    expect(await tryWrite(second, await other.record(EACH))).toBeUndefined();
    await proxy.close();
    for (let hour = 5; hour > 0; hour--) {
      behindMs = hour * HOUR_MS;
      expect(await tryWrite(first, await cut.record(EACH))).toBe("database_unavailable");
      expect(await tryWrite(second, await other.record(EACH))).toBeUndefined();
    }
    await first.close();
    behindMs = 0;
    expect(await rowsOf(url, "cut")).toBe(EACH);

    const problems: string[] = [];
    const again = await open(url, dirs[0], problems);
    await expect.poll(() => rowsOf(url, "cut"), PATIENT).toBe(6 * EACH);
    expect(await tryWrite(again, await cut.record(EACH))).toBeUndefined();
    expect(await again.countEvents({})).toBe(cut.recorded() + other.recorded());
    await expect
      .poll(() => problems, PATIENT)
      .toEqual([expect.stringContaining(`: ${5 * EACH} records came from the journal`)]);
    expect(await wrongCounts(url)).toEqual([]);
    expect(await again.importJournal(dirs[0])).toMatchObject({ written: 0, duplicates: cut.recorded() });
  });

  test("goes on where it was, and reads none of what is known to be there", async () => {
    const url = await databases.create();
    const dir = testFolder();
    let behindMs = 6 * HOUR_MS;
    const service = createJournaledWriter(dir, "steady", () => behindMs);
    onTestFinished(() => service.close());
    const first = await open(url, dir);
    await tryWrite(first, await service.record(EACH));
    behindMs = 0;
    await tryWrite(first, await service.record(EACH));
    // It is known once the first look through the journal is over, which nobody waits for.
    const hasPosition = async () => {
      await tryWrite(first, await service.record(1));
      return (await command(url, "SELECT 1 FROM tracebook.journal_positions")).rows.length > 0;
    };
    await expect.poll(hasPosition, PATIENT).toBe(true);
    await first.close();
    // As retention would remove them: a start does not bring them back.
    await command(url, "SET search_path = tracebook; SELECT remove_events(now() - interval '1 hour')");
    const again = await open(url, dir);
    await tryWrite(again, await service.record(EACH));
    await again.close();
    const third = await open(url, dir);
    expect(await third.countEvents({})).toBe(service.recorded() - EACH);
  });

  test("with a clock that was wrong has no position, and all of its journal is looked at", async () => {
    const url = await databases.create();
    const dir = testFolder();
    let behindMs = -24 * HOUR_MS;
    const service = createJournaledWriter(dir, "early", () => behindMs);
    onTestFinished(() => service.close());
    const proxy = await openProxy(url);
    const first = await open(proxy.url, dir);
    expect(await tryWrite(first, await service.record(EACH))).toBeUndefined();
    behindMs = 0;
    await proxy.close();
    expect(await tryWrite(first, await service.record(EACH))).toBe("database_unavailable");
    await first.close();
    await open(url, dir);
    await expect.poll(() => rowsOf(url, "early"), PATIENT).toBe(2 * EACH);
  });
});
