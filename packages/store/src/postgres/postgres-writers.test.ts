// Several writers of one database: what a poller sees, what is counted, and what is left after a cleaning.
import pg from "pg";
import { afterEach, describe, expect, onTestFinished, test } from "vitest";
import { command, HAS_POSTGRES, usePostgres } from "../../test/postgres-database.ts";
import { createEvent } from "../../test/store-events.ts";
import { openPostgresStore, type PostgresStore } from "./index.ts";

const open: PostgresStore[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((store) => store.close()));
});

async function openStore(url: string): Promise<PostgresStore> {
  const store = await openPostgresStore({ url });
  open.push(store);
  return store;
}

const ask = async (url: string, sql: string) => (await command(url, `SET search_path = tracebook; ${sql}`)) as unknown;
const rowsOf = async (url: string, sql: string) => ((await ask(url, sql)) as readonly pg.QueryResult[]).at(-1)!.rows;

describe.skipIf(!HAS_POSTGRES)("writers of one database", () => {
  const databases = usePostgres();

  test("a poller that reads on behind the last id misses nothing, whoever writes, and nothing is written twice", async () => {
    const url = await databases.create();
    const [first, second, reader] = await Promise.all([openStore(url), openStore(url), openStore(url)]);
    const seen: number[] = [];
    let isWriting = true;
    const polling = (async () => {
      for (let last = 0; ; ) {
        const isLast = !isWriting;
        const events = await reader.recentEvents(100, last);
        seen.push(...events.map(({ id }) => id));
        last = seen.at(-1) ?? 0;
        if (isLast && events.length === 0) return;
      }
    })();
    const writing = [first, second].flatMap((store, writer) =>
      Array.from({ length: 20 }, async (_, batch) => {
        const source = { serviceName: "bot", instanceId: `i-${writer}` };
        const events = Array.from({ length: 10 }, (__, i) =>
          createEvent({ source, seq: batch * 10 + i + 1, runId: `run-${i % 3}` }),
        );
        // Everybody sends everything twice, and some of it to the other one.
        await store.writeEvents(events);
        await (batch % 2 === 0 ? first : second).writeEvents(events);
      }),
    );
    await Promise.all(writing);
    isWriting = false;
    await polling;
    expect(seen).toEqual(Array.from({ length: 400 }, (_, i) => i + 1));
    expect(await reader.countEvents({})).toBe(400);
    expect(await rowsOf(url, "SELECT sum(count)::int AS n FROM event_rollups WHERE resolution = 60")).toEqual([
      { n: 400 },
    ]);
  });

  test("what is too old is dropped by the day, and counts are those of what is left", async () => {
    const url = await databases.create();
    const store = await openStore(url);
    const daysAgo = (days: number, time: string) =>
      `${new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10)}T${time}Z`;
    const times = [
      daysAgo(9, "10:00:00.000000"),
      daysAgo(5, "10:00:00.000000"),
      daysAgo(5, "10:20:00.000000"),
      daysAgo(5, "12:30:00.000000"),
      "1969-12-31T23:59:59.999999Z",
    ];
    await store.writeEvents(times.map((timestamp, i) => createEvent({ seq: i + 1, timestamp })));
    expect(await store.cleanUp({ eventsOlderThan: daysAgo(5, "10:15:30.000000") })).toMatchObject({ events: 3 });
    expect(await store.countEvents({})).toBe(2);
    const counts = await rowsOf(
      url,
      "SELECT resolution, sum(count)::int AS n FROM event_rollups GROUP BY 1 ORDER BY 1",
    );
    expect(counts).toEqual([60, 3_600, 86_400].map((resolution) => ({ resolution, n: 2 })));
    expect(await rowsOf(url, "SELECT sum(count)::int AS n FROM run_rollups")).toEqual([{ n: 2 }]);
    expect(await rowsOf(url, "SELECT sum(event_count)::int AS n FROM telemetry_events_hourly_summary")).toEqual([
      { n: 2 },
    ]);
    const removed = await rowsOf(
      url,
      "SELECT * FROM cleanup_old_telemetry_data(events_retention_days => 2, metrics_retention_days => 180, traces_retention_days => 30)",
    );
    expect(removed[0]).toMatchObject({ events: "2", spans: "0" });
    expect(await store.countEvents({})).toBe(0);
    expect(
      (await rowsOf(url, "SELECT FROM pg_class WHERE relname ~ '^telemetry_events_[0-9]{8}$' AND relkind = 'r'"))
        .length,
    ).toBe(2);
  });

  test("who reads cannot write, and who writes can neither delete nor drop", async () => {
    const url = await databases.create();
    await command(url, "CREATE ROLE reads LOGIN; CREATE ROLE writes LOGIN");
    await ask(url, "SELECT grant_tracebook_roles(writer => 'writes', reader => 'reads')");
    const database = new URL(url).pathname.slice(1);
    const store = await openStore(databases.server.url(database, "writes"));
    await store.writeEvents([createEvent()]);
    const refused = { code: "42501" };
    const reads = databases.server.url(database, "reads");
    expect(await rowsOf(reads, "SELECT event_type FROM telemetry_events")).toHaveLength(1);
    for (const sql of [
      "INSERT INTO last_ids VALUES ('x', 1)",
      "UPDATE telemetry_events SET run_id = 'x'",
      "SELECT add_day('traces', current_date)",
    ])
      await expect(ask(reads, sql)).rejects.toMatchObject(refused);
    const writes = databases.server.url(database, "writes");
    for (const sql of [
      "DROP TABLE traces",
      "DELETE FROM telemetry_events",
      "TRUNCATE traces",
      "SELECT cleanup_old_telemetry_data()",
    ])
      await expect(ask(writes, sql)).rejects.toMatchObject(refused);
    await expect(store.cleanUp({ eventsOlderThan: "2026-01-01T00:00:00.000000Z" })).rejects.toMatchObject({
      code: "database_unavailable",
    });
  });

  test("S4's questions run as they stand", async () => {
    const url = await databases.create();
    const store = await openStore(url);
    const now = new Date().toISOString().replace("Z", "000Z");
    const login = {
      event_name: "login",
      event_category: "auth",
      user_id: "u-1",
      duration_ms: 12,
      event_data: { success: true },
    };
    const revenue = {
      metric_name: "revenue",
      metric_category: "revenue",
      metric_value: "49.990",
      metric_unit: "usd",
      currency: "USD",
      period_start: now,
      license_id: "l-1",
    };
    await store.writeEvents([
      createEvent({ seq: 1, timestamp: now, eventType: "user_action", data: login }),
      createEvent({ seq: 2, timestamp: now, eventType: "business_metric", data: revenue }),
      createEvent({
        seq: 3,
        timestamp: now,
        eventType: "system_metric",
        data: { metric_name: "cpu", metric_type: "gauge", metric_value: 85.5, metric_unit: "%", service_name: "api" },
      }),
    ]);
    expect(
      await rowsOf(
        url,
        "SELECT * FROM telemetry_events_hourly_summary WHERE event_type = 'user_action' AND hour >= NOW() - INTERVAL '24 hours'",
      ),
    ).toMatchObject([{ event_category: "auth", event_count: "1", unique_users: "1", avg_duration_ms: 12 }]);
    expect(
      await rowsOf(
        url,
        "SELECT * FROM system_metrics_service_summary WHERE service_name = 'api' AND hour >= NOW() - INTERVAL '2 hours' ORDER BY hour DESC",
      ),
    ).toMatchObject([{ metric_name: "cpu", avg_value: 85.5, samples: "1" }]);
    expect(
      await rowsOf(
        url,
        "SELECT * FROM business_metrics_category_summary WHERE metric_category = 'revenue' AND date >= CURRENT_DATE - INTERVAL '30 days'",
      ),
    ).toMatchObject([{ total_value: "49.990", active_licenses: "1" }]);
    expect(
      await rowsOf(
        url,
        `SELECT event_category, COUNT(*) as event_count, COUNT(DISTINCT user_id) as unique_users, DATE_TRUNC('hour', event_timestamp) as hour
         FROM telemetry_events WHERE event_timestamp >= NOW() - INTERVAL '24 hours'
         GROUP BY event_category, DATE_TRUNC('hour', event_timestamp) ORDER BY hour DESC, event_count DESC`,
      ),
    ).toHaveLength(2);
    expect(await rowsOf(url, `SELECT id FROM telemetry_events WHERE event_data @> '{"success": true}'`)).toHaveLength(
      1,
    );
  });

  test("a connection that was ended is opened again, and what it was at is written once", async () => {
    const url = await databases.create();
    const store = await openStore(url);
    await store.writeEvents([createEvent()]);
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    onTestFinished(() => client.end());
    await client.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'tracebook'");
    const again = async () => store.writeEvents([createEvent(), createEvent({ seq: 2 })]);
    await again().catch(again);
    expect(await store.countEvents({})).toBe(2);
  });
});
