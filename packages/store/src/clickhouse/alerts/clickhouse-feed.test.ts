// The feed of the alert engine, on the ClickHouse engine, with the records of alerts in a file beside it.
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { type AlertStore, describeAlertContract } from "../../../test/alert-contract.ts";
import { describeOnClickhouse } from "../../../test/clickhouse-server.ts";
import { createEvent } from "../../../test/store-events.ts";
import { createNumber } from "../../../test/store-points.ts";
import { testFolder } from "../../../test/test-database.ts";
import type { FeedWants } from "../../alert-feed.ts";
import { openSqliteStore } from "../../sqlite/sqlite-store.ts";
import { toClickhouseSettings } from "../clickhouse-options.ts";
import { openClickhouseStore } from "../clickhouse-store.ts";
import { type Connection, connect } from "../connection.ts";
import { createClickhouseFeed } from "./clickhouse-feed.ts";

const WANTS: FeedWants = { events: [{ eventType: "signal_rejected", fields: [] }], metrics: ["updates_total"] };

describeOnClickhouse("the alert engine reads ClickHouse", (url) => {
  let databases = 0;
  const options = () => ({ url: url(), database: `feed_${++databases}`, gatherMs: 0 });

  describeAlertContract("on ClickHouse with a SQLite file", async (): Promise<AlertStore> => {
    const companion = await openSqliteStore({ path: join(testFolder(), "alerts.db"), reserveBytes: 0 });
    const store = await openClickhouseStore({ ...options(), alerts: companion.alerts });
    return {
      ...store,
      close: async () => {
        await store.close();
        await companion.close();
      },
    };
  });

  test("two writers at once: each event comes in one piece and no other, in whatever files the server puts them", async () => {
    const given = options();
    const stores = [await openClickhouseStore(given), await openClickhouseStore(given)] as const;
    const connection = await connect(toClickhouseSettings(given), given.database);
    onTestFinished(async () => {
      await Promise.all([...stores.map((store) => store.close()), connection.close()]);
    });
    const [{ alertFeed }] = stores;
    const start = await alertFeed.position();
    let cursor = start;
    let counted = 0;
    let sampled = 0;
    for (let round = 1; round <= 6; round++) {
      // Of several days, so that an insert is several files; and what is older by its time comes later.
      const day = `2026-11-${20 - round}T12:00:00.000000Z`;
      const writing = stores.flatMap((store, i) => [
        store.writeEvents([
          event(`w-${i}`, 2 * round, day),
          event(`w-${i}`, 2 * round + 1, "2026-11-20T12:00:00.000000Z"),
        ]),
        store.writePoints([createNumber(round, round, { labels: { writer: `${i}` } })]),
      ]);
      const piece = await alertFeed.since(WANTS, cursor);
      await Promise.all(writing);
      if (round === 3) await connection.command("OPTIMIZE TABLE otel_logs FINAL");
      counted += piece.counts.reduce((sum, { count }) => sum + count, 0);
      sampled += piece.samples.length;
      cursor = piece.cursor;
    }
    const rest = await alertFeed.since(WANTS, cursor);
    counted += rest.counts.reduce((sum, { count }) => sum + count, 0);
    expect([counted, sampled + rest.samples.length]).toEqual([24, 12]);
    const all = await alertFeed.since(WANTS, start);
    expect(all.counts.reduce((sum, { count }) => sum + count, 0)).toBe(24);
    expect(rest.isMore).toBe(false);
    expect((await alertFeed.since(WANTS, rest.cursor)).counts).toEqual([]);
  });

  test("where the server has no common number, what is younger than the lag is not told yet, and then once", async () => {
    const given = options();
    const store = await openClickhouseStore(given);
    const connection = await connect(toClickhouseSettings(given), given.database);
    onTestFinished(async () => {
      await Promise.all([store.close(), connection.close()]);
    });
    const feedOf = (lagMs: number) => createClickhouseFeed(asOfCluster(connection), lagMs);
    const lagging = await feedOf(600_000);
    const start = await lagging.position();
    await store.writeEvents([event("w", 1)]);
    await store.writePoints([createNumber(1, 1)]);
    expect(await lagging.since(WANTS, start)).toMatchObject({ counts: [], samples: [], isMore: false });
    const feed = await feedOf(1);
    const told = { counts: 0, samples: 0 };
    for (let cursor = start; told.counts === 0 || told.samples === 0; ) {
      const piece = await feed.since(WANTS, cursor);
      told.counts += piece.counts.length;
      told.samples += piece.samples.length;
      cursor = piece.cursor;
    }
    expect(told).toEqual({ counts: 1, samples: 1 });
    expect(await feed.since(WANTS, await feed.position())).toMatchObject({ counts: [], samples: [] });
  });

  test("more than one piece holds comes in several, and an insert is never divided", async () => {
    const store = await openClickhouseStore(options());
    onTestFinished(() => store.close());
    const start = await store.alertFeed.position();
    const batch = (from: number) => Array.from({ length: 15_000 }, (_, i) => event("w", from + i));
    for (const from of [1, 15_001, 30_001]) await store.writeEvents(batch(from));
    const pieces: number[] = [];
    let cursor = start;
    for (let isMore = true; isMore; ) {
      const piece = await store.alertFeed.since(WANTS, cursor);
      pieces.push(piece.counts.reduce((sum, { count }) => sum + count, 0));
      ({ cursor, isMore } = piece);
    }
    expect(pieces).toEqual([30_000, 15_000]);
  });
});

/** The same tables as those of a cluster: the server says of them that they are spread. */
function asOfCluster(connection: Connection): Connection {
  return {
    rows: (sql, parameters) => connection.rows(sql, parameters),
    lists: async (sql, parameters) =>
      sql.includes("system.tables") ? [["Distributed"], ["Distributed"]] : connection.lists(sql, parameters),
    insert: (insert) => connection.insert(insert),
    command: (sql) => connection.command(sql),
    close: () => connection.close(),
  };
}

function event(instanceId: string, seq: number, timestamp = "2026-11-20T12:00:00.000000Z") {
  return createEvent({ seq, timestamp, source: { serviceName: "bot", instanceId, hostName: undefined } });
}
