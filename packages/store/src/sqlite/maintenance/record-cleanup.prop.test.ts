import { parseTimestamp, toTimestamp } from "@tracebook/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { recordEvents } from "../../../test/record-arbitraries.ts";
import { keptCounts, recount } from "../../../test/recount.ts";
import { ReferenceRecords } from "../../../test/reference-records.ts";
import { micros } from "../../../test/store-arbitraries.ts";
import { createTestDatabase } from "../../../test/test-database.ts";
import { createSqliteQueries } from "../queries/sqlite-queries.ts";
import { cleanUp } from "./cleanup.ts";

const cut = fc.option(micros.map(toTimestamp), { nil: undefined });
/** The first timestamp that stays: a cleaning rounds down to the minute. */
const firstOf = (time: string | undefined) =>
  time === undefined ? "" : toTimestamp(Math.floor(parseTimestamp(time)! / 60e6) * 60e6);

test("whatever is cleaned away, records are those that are new enough by themselves, and events and counts those of the rest", async () => {
  await fc.assert(
    fc.asyncProperty(
      recordEvents,
      cut,
      cut,
      fc.integer({ min: 1, max: 20 }),
      async (events, old, oldMetrics, rowsPerStep) => {
        const { database, path, writer } = createTestDatabase();
        writer.writeEvents(events);
        const options = { eventsOlderThan: old, metricsOlderThan: oldMetrics, rowsPerStep, reserveBytes: 0 };
        await cleanUp(database, { ...options, pause: async () => {} });
        const all = new ReferenceRecords();
        all.writeEvents(events);
        const queries = createSqliteQueries(database, path);
        const isNew = (record: { readonly metric_timestamp: string }) => record.metric_timestamp >= firstOf(oldMetrics);
        const figures = queries.businessMetrics({}, 1_000, 0).map(({ event_id: _, ...rest }) => rest);
        expect(figures).toEqual(all.businessMetrics({}).filter(isNew));
        expect(queries.systemMetrics({}, 1_000, 0)).toHaveLength(all.systemMetrics({}).filter(isNew).length);
        expect(queries.userActivity({})).toEqual(all.userActivity({ startTime: firstOf(old) }));
        expect(keptCounts(database)).toEqual(recount(database));
        database.close();
      },
    ),
    { numRuns: 40 },
  );
});
