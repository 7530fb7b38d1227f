// A server that is away for a while: the journal goes on, and what the store has missed comes from it.
import { describe, expect, onTestFinished, test } from "vitest";
import { createJournaledWriter, tryWrite } from "../../test/journaled-writer.ts";
import { HAS_POSTGRES, usePostgres } from "../../test/postgres-database.ts";
import { wrongCounts } from "../../test/postgres-recount.ts";
import { testFolder } from "../../test/test-database.ts";
import { openPostgresStore } from "./index.ts";

const PATIENT = { timeout: 20_000 };
const EACH = 50;

describe.skipIf(!HAS_POSTGRES)("an outage", () => {
  const databases = usePostgres();

  test.each(["comes from the journal by itself", "comes with an import by hand"])(
    "what was refused in two outages, and never sent again, %s: all of it, once, and counted",
    async (how) => {
      const url = await databases.create();
      const dir = testFolder();
      const service = createJournaledWriter(dir, "i-1");
      const problems: string[] = [];
      const journalDir = how.includes("itself") ? dir : undefined;
      const store = await openPostgresStore({
        url,
        ...(journalDir !== undefined && { journalDir }),
        onProblem: (line) => problems.push(line),
      });
      onTestFinished(async () => {
        await store.close();
        await service.close();
      });
      const live = async () => tryWrite(store, await service.record(EACH));
      for (let outage = 1; outage <= 2; outage++) {
        await expect.poll(live, PATIENT).toBeUndefined();
        await databases.server.crash();
        for (let i = 0; i < 4; i++) expect(await live()).toBe("database_unavailable");
        expect(store.health().problem).toBeDefined();
        await databases.server.start();
        await expect.poll(live, PATIENT).toBeUndefined();
      }
      await expect.poll(() => store.health().problem, PATIENT).toBeUndefined();
      const missing = service.recorded() - (await store.countEvents({}));
      if (journalDir === undefined) {
        expect(missing).toBeGreaterThanOrEqual(2 * 4 * EACH);
        expect(await store.importJournal(dir)).toMatchObject({
          written: missing,
          duplicates: service.recorded() - missing,
        });
      } else {
        expect(missing).toBe(0);
        expect(problems.some((line) => line.includes("records came from the journal"))).toBe(true);
      }
      expect(await store.countEvents({})).toBe(service.recorded());
      expect(await wrongCounts(url)).toEqual([]);
      expect(await store.importJournal(dir)).toMatchObject({ written: 0, duplicates: service.recorded(), skipped: 0 });
    },
  );
});
