// Alerts on PostgreSQL: the contract of all stores, what several processes may do at once, and samples that are too old.
import { toTimestamp } from "@tracebook/core";
import pg from "pg";
import { describe, expect, onTestFinished, test } from "vitest";
import { describeAlertContract } from "../../../test/alert-contract.ts";
import { command, HAS_POSTGRES, TEST_SCHEMA, usePostgres } from "../../../test/postgres-database.ts";
import { createAlert, createNotification, createRule, time } from "../../../test/store-alerts.ts";
import { createEvent } from "../../../test/store-events.ts";
import { createNumber } from "../../../test/store-points.ts";
import type { MetricSample } from "../../alert-feed.ts";
import { openPostgresStore, type PostgresStore } from "../index.ts";
import { migratePostgres } from "../migrate.ts";
import { POSTGRES_MIGRATIONS } from "../schema.ts";

const DEPTH = { name: "depth", type: "gauge", isMonotonic: false } as const;
const WANTS = { events: [], metrics: ["depth"] };
const MINUTE_MICROS = 60e6;

describe.skipIf(!HAS_POSTGRES)("with a server", () => {
  const databases = usePostgres();

  const open = async (url: string): Promise<PostgresStore> => {
    const store = await openPostgresStore({ url });
    onTestFinished(() => store.close());
    return store;
  };
  const openTwo = async () => {
    const url = await databases.create();
    return { url, one: await open(url), two: await open(url) };
  };

  describeAlertContract("PostgreSQL", async () => openPostgresStore({ url: await databases.create() }));

  test("of many that want a lease at once one gets it, and of many that write an alert of one revision one succeeds", async () => {
    const { one, two } = await openTwo();
    const leases = await Promise.all(
      Array.from({ length: 12 }, (_, i) =>
        [one, two][i % 2]!.alerts.takeLease("evaluator", `holder-${i}`, time(0), time(15)),
      ),
    );
    const [taken, ...more] = leases.filter((lease) => lease !== undefined);
    expect([taken?.token, more.length]).toEqual([1, 0]);
    const results = await Promise.allSettled(
      Array.from({ length: 12 }, (_, i) =>
        [one, two][i % 2]!.alerts.commit({
          lease: taken,
          alerts: [{ alert: createAlert({ summary: `of ${i}` }), expectedRevision: 0 }],
        }),
      ),
    );
    const refused = results.flatMap((result) => (result.status === "rejected" ? [result.reason] : []));
    expect(refused).toHaveLength(11);
    for (const error of refused)
      expect(error).toMatchObject({
        code: "alert_conflict",
        problem: expect.stringMatching(/^The alert alert is of revision \d+, not 0\.$/),
      });
  });

  test("revisions are seen in their order, whoever makes them: who asks for what is new since the last one misses none", async () => {
    const { one, two } = await openTwo();
    const writing = Promise.all(
      [one, two].map(async ({ alerts }, writer) => {
        for (let i = 0; i < 40; i++) await alerts.saveRule(createRule({ rule_id: `${writer}-${i}` }));
      }),
    );
    const seen = new Set<string>();
    let isDone = false;
    void writing.then(() => {
      isDone = true;
    });
    for (let revision = 0, isLast = false; !isLast; ) {
      isLast = isDone;
      const changes = await one.alerts.changesSince(revision);
      for (const { rule_id } of changes.rules) seen.add(rule_id);
      revision = changes.revision;
    }
    await writing;
    expect(seen.size).toBe(80);
  });

  test("a feed that is read while several write has every event and every sample once", async () => {
    const { one, two } = await openTwo();
    const wants = { events: [{ eventType: "signal_rejected", fields: [] }], metrics: ["depth"] };
    let cursor = await one.alertFeed.position();
    const sourceOf = (writer: number) => ({ serviceName: "bot", instanceId: `i-${writer}` });
    const startMicros = Date.now() * 1_000;
    let isDone = false;
    const writing = Promise.all(
      [one, two].map(async (store, writer) => {
        const source = sourceOf(writer);
        for (let i = 0; i < 12; i++)
          await Promise.all([
            store.writeEvents([0, 1, 2].map((k) => createEvent({ seq: 3 * i + k + 1, source }))),
            // Of today: older samples are removed, by the first writer that comes.
            store.writePoints([
              createNumber(0, 1_000 * writer + i, { ...DEPTH, source, timeMicros: startMicros + i * 1e6 }),
            ]),
          ]);
      }),
    ).then(() => {
      isDone = true;
    });
    let events = 0;
    const samples: MetricSample[] = [];
    for (let isLast = false; !isLast; ) {
      isLast = isDone;
      const piece = await two.alertFeed.since(wants, cursor);
      for (const { count } of piece.counts) events += count;
      samples.push(...piece.samples);
      cursor = piece.cursor;
    }
    await writing;
    expect(events).toBe(72);
    const expected = [0, 1].flatMap((writer) => Array.from({ length: 12 }, (_, i) => 1_000 * writer + i));
    expect(samples.map(({ value }) => value).sort((a, b) => a - b)).toEqual(expected);
  });

  test("a feed has what was written, of today, of long ago, and of both", async () => {
    const store = await open(await databases.create());
    const wants = { events: [{ eventType: "signal_rejected", fields: [] }], metrics: ["cpu_usage"] };
    const cpu = { metric_name: "cpu_usage", metric_unit: "%", metric_value: 1 };
    let seq = 0;
    let cursor = await store.alertFeed.position();
    for (const days of [[0], [40], [0, 40, 0]]) {
      const timestamps = days.map((ago) => toTimestamp((Date.now() - ago * 86_400_000) * 1_000));
      await store.writeEvents(
        timestamps.flatMap((timestamp) => [
          createEvent({ seq: ++seq, timestamp }),
          createEvent({ seq: ++seq, timestamp, eventType: "system_metric", data: cpu }),
        ]),
      );
      const piece = await store.alertFeed.since(wants, cursor);
      expect(piece.counts.reduce((sum, { count }) => sum + count, 0)).toBe(days.length);
      expect(piece.samples).toHaveLength(days.length);
      cursor = piece.cursor;
    }
  });

  test("samples of more than two days ago go, with the part of their day or from the one of all others, and minutes stand for them", async () => {
    const { url, one, two } = await openTwo();
    const nowMicros = Math.floor(Date.now() / 60_000) * MINUTE_MICROS;
    const daysAgo = (days: number) => nowMicros - days * 1_440 * MINUTE_MICROS;
    const at = (timeMicros: number, value: number) => ({ ...createNumber(0, value, DEPTH), timeMicros });
    const old = [daysAgo(5), daysAgo(4)] as const;
    await one.writePoints(old.flatMap((micros) => [at(micros, 5), at(micros + 30e6, 6)]));
    await one.writePoints([at(daysAgo(0) - MINUTE_MICROS, 7)]);
    await command(
      url,
      `SET search_path = ${TEST_SCHEMA}; SELECT add_day('metric_samples', '${new Date(old[1] / 1e3).toISOString()}'::date)`,
    );
    const valuesOf = async (micros: number) => {
      const second = micros / 1e6;
      const { samples, isByMinutes } = await one.alertFeed.range(WANTS, second, second + 60);
      return [isByMinutes, ...samples.map((sample) => [sample.second - second, sample.value])];
    };
    for (const micros of old) expect(await valuesOf(micros)).toEqual([false, [0, 5], [30, 6]]);
    // A store that was opened later removes what is too old before it writes for the first time.
    await two.writePoints([at(nowMicros - MINUTE_MICROS + 1e6, 8)]);
    for (const micros of old) expect(await valuesOf(micros)).toEqual([true, [59, 6]]);
    expect(await valuesOf(nowMicros - MINUTE_MICROS)).toEqual([false, [0, 7], [1, 8]]);
  });

  test("a writer of the database may do all of it, and a reader may read, though they became so before there were alerts", async () => {
    const url = await databases.createEmpty();
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    onTestFinished(() => client.end());
    await migratePostgres(client, TEST_SCHEMA, { migrations: POSTGRES_MIGRATIONS.slice(0, 1) });
    await client.query("CREATE ROLE alert_writer LOGIN; CREATE ROLE alert_reader LOGIN");
    await client.query("SELECT grant_tracebook_roles('alert_writer', 'alert_reader')");
    await open(url);
    const writer = await open(url.replace("postgres@", "alert_writer@"));
    const alert = createAlert();
    await writer.alerts.saveRule(createRule());
    await writer.alerts.commit({
      alerts: [{ alert, expectedRevision: 0 }],
      notifications: [createNotification(alert)],
      engine: { cursor: "0.0", evaluated_until: 1_800_000_000 },
    });
    await writer.alerts.commit({ droppedAlertIds: ["alert"] });
    await writer.writePoints([createNumber(0, 1, DEPTH)]);
    expect(await writer.alerts.alert("alert")).toBeUndefined();
    expect((await writer.alertFeed.range(WANTS, 0, 4e9)).samples).toHaveLength(1);
    const asReader = (sql: string) =>
      command(url.replace("postgres@", "alert_reader@"), `SET search_path = ${TEST_SCHEMA}; ${sql}`);
    await asReader("SELECT * FROM alerts_status_summary");
    for (const sql of ["SELECT forget_alerts(0)", "SELECT drop_pending_alerts('{}')", "SELECT trim_samples()"])
      await expect(asReader(sql)).rejects.toThrow("permission denied");
    await expect(asReader("SELECT next_alert_revision()")).rejects.toThrow("permission denied");
  });
});
