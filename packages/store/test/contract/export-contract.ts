// Rows of a store for exports: all of them, once, in order, in the columns that every store has.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { EventData, HistogramPointInput, NumberPointInput } from "../../src/store-input.ts";
import type { TimeRange } from "../../src/store-queries.ts";
import {
  EXPORT_COLUMNS,
  type ExportCell,
  SIGNAL_TABLES,
  type SignalTable,
} from "../../src/warehouse/export-columns.ts";
import { ReferenceStore } from "../reference-store.ts";
import { events, range } from "../store-arbitraries.ts";
import { createEvent } from "../store-events.ts";
import { createSpan } from "../store-spans.ts";
import { type ContractStore, type OpenStore, withStore } from "./contract-store.ts";

type Row = Readonly<Record<string, ExportCell>>;

/** What a point has beside its value. */
function pointAt(timestamp: string) {
  const timeMicros = Date.parse(timestamp) * 1000;
  const source = { serviceName: "bot", instanceId: "i-1" };
  return { source, unit: "ms", description: "", labels: { venue: "x" }, startMicros: timeMicros - 1, timeMicros };
}

function numberPoint(timestamp: string, value: number): NumberPointInput {
  return { ...pointAt(timestamp), name: "queue", type: "gauge", isMonotonic: false, isCumulative: false, value };
}

function histogramPoint(timestamp: string, count: number): HistogramPointInput {
  const buckets = { bounds: [1, 2, 4], bucketCounts: [0, count, 0, 0] };
  return {
    ...pointAt(timestamp),
    name: "lag",
    type: "histogram",
    isCumulative: false,
    count,
    sum: count * 1.5,
    ...buckets,
  };
}

/** All rows of a range, gathered from pages of `limit`. */
async function rowsOf(store: ContractStore, table: SignalTable, within: TimeRange, limit: number): Promise<Row[]> {
  const rows: Row[] = [];
  let after: string | undefined;
  do {
    const page = await store.exportRows(table, within, limit, after);
    expect(page.rows.length).toBeLessThanOrEqual(limit);
    const names = EXPORT_COLUMNS[table].map(({ name }) => name);
    for (const row of page.rows) {
      expect(row).toHaveLength(names.length);
      rows.push(Object.fromEntries(row.map((cell, i) => [names[i], cell])));
    }
    after = page.next ?? undefined;
  } while (after !== undefined);
  return rows;
}

/** A row as the questions have it: JSON as what it says. */
function asAnswer(row: Row, ...jsonColumns: readonly string[]) {
  return Object.fromEntries(
    Object.entries(row).map(([name, cell]) => [name, jsonColumns.includes(name) ? JSON.parse(String(cell)) : cell]),
  );
}

export function describeExports(open: OpenStore, runs: number): void {
  describe("exports", () => {
    test("have every event and every decision of the range once, oldest first, whatever the size of a page", () =>
      fc.assert(
        fc.asyncProperty(events, range, fc.integer({ min: 1, max: 7 }), async (some, within, limit) =>
          withStore(open, async (store) => {
            const reference = new ReferenceStore();
            const decisions = some.map((event, i) => (i % 3 === 0 ? event : { ...event, eventType: "decision" }));
            await store.writeEvents(decisions);
            reference.writeEvents(decisions);
            const rows = await rowsOf(store, "telemetry_events", within, limit);
            const expected = [...reference.findEvents(within, 1e6, 0).events].reverse();
            const withoutIds = (row: object) => ({ ...row, id: 0, event_id: 0 });
            expect(rows.map((row) => withoutIds(asAnswer(row, "data")))).toEqual(expected.map(withoutIds));
            const judged = await rowsOf(store, "decisions", within, limit);
            const found = [...reference.findDecisions(within, 1e6)].reverse();
            expect(judged.map(withoutIds)).toEqual(found.map(withoutIds));
            const ids = new Set(rows.map(({ id }) => id));
            expect(judged.every(({ event_id: id }) => ids.has(id ?? null))).toBe(true);
          }),
        ),
        { numRuns: runs },
      ));

    test("have every span once, as its trace has it", () =>
      withStore(open, async (store) => {
        const spans = Array.from({ length: 30 }, (_, i) =>
          createSpan({
            spanId: String(i + 1).padStart(16, "0"),
            startMicros: Date.parse("2026-11-20T12:34:56Z") * 1000 + Math.floor(i / 7),
            startNanosRest: i,
            attributes: { "http.request.method": "GET", "http.response.status_code": 200, note: 'a "quoted" \n one' },
            events: i % 2 === 0 ? [] : [{ name: "retry", timeMicros: 1_000, attributes: { n: i } }],
            statusCode: i % 3,
          }),
        );
        await store.writeSpans(spans);
        const rows = await rowsOf(store, "traces", {}, 4);
        const { spans: expected } = await store.trace(spans[0]!.traceId);
        const byId = (a: { span_id?: unknown }, b: { span_id?: unknown }) =>
          String(a.span_id) < String(b.span_id) ? -1 : 1;
        expect(rows.map((row) => asAnswer(row, "tags", "events", "links")).sort(byId)).toEqual(
          [...expected].sort(byId),
        );
        const starts = rows.map(({ start_time: start }) => String(start));
        expect(starts).toEqual([...starts].sort());
      }));

    test("have system metrics and business figures once each, as the questions for them have them", () =>
      withStore(open, async (store) => {
        const at = (i: number) => `2026-11-20T12:0${i % 3}:00.000000Z`;
        const record = (i: number, eventType: string, data: EventData) =>
          createEvent({ eventType, seq: i, timestamp: at(i), data });
        await store.writeEvents(
          [1, 2, 3, 4, 5, 6].map((i) =>
            record(i, "system_metric", {
              ...{ metric_name: "cpu", metric_type: "gauge", metric_value: i / 8, metric_unit: "%" },
              ...(i % 2 === 0 ? { percentile_95: i, tags: { core: i } } : undefined),
            }),
          ),
        );
        const business = { metric_name: "revenue", metric_category: "sales", metric_unit: "{EUR}", currency: "EUR" };
        const period = {
          period_start: "2026-11-19T00:00:00Z",
          period_end: "2026-11-20T00:00:00Z",
          period_type: "daily",
        };
        await store.writeEvents(
          [11, 12, 13, 14].map((i) =>
            record(i, "business_metric", { ...business, ...period, metric_value: `${i}.1234567890123456789012345678` }),
          ),
        );
        await store.writePoints([0, 1, 2].flatMap((i) => [numberPoint(at(i), i), histogramPoint(at(i), i + 1)]));
        const byText = (rows: readonly object[]) =>
          rows.map((row) => JSON.stringify(Object.entries(row).sort())).sort();
        for (const limit of [1, 2, 5, 100]) {
          const system = (await rowsOf(store, "system_metrics", {}, limit)).map((row) => asAnswer(row, "tags"));
          expect(byText(system)).toEqual(byText(await store.systemMetrics({}, 100, 0)));
          const times = system.map((row) => String(row["metric_timestamp"]));
          expect(times).toEqual([...times].sort());
          const figures = (await rowsOf(store, "business_metrics", {}, limit)).map((row) => asAnswer(row, "tags"));
          expect(byText(figures)).toEqual(byText(await store.businessMetrics({}, 100, 0)));
        }
        const within = { startTime: "2026-11-20T12:00:00.000001Z", endTime: at(1) };
        const some = await rowsOf(store, "system_metrics", within, 2);
        expect(byText(some.map((row) => asAnswer(row, "tags")))).toEqual(
          byText(await store.systemMetrics(within, 100, 0)),
        );
        expect(some).toHaveLength(4);
      }));

    test("have decimals as the event words them, and go on behind rows that were removed or came meanwhile", () =>
      withStore(open, async (store) => {
        const net_edge = "1234567890123456789012345678.1234567890123456789012345600";
        const at = (i: number) => `2026-11-20T12:34:56.00000${i}Z`;
        const decisionOf = (i: number) =>
          createEvent({ eventType: "decision", seq: i, timestamp: at(i), data: { decision: "ACCEPT", net_edge } });
        await store.writeEvents([decisionOf(1), decisionOf(2), decisionOf(4)]);
        const first = await store.exportRows("decisions", {}, 2);
        await store.writeEvents([decisionOf(3), { ...decisionOf(1), seq: 9 }]);
        const rest = await store.exportRows("decisions", {}, 10, first.next ?? "");
        const times = (rows: readonly (readonly ExportCell[])[]) => rows.map((row) => row[1]);
        expect([times(first.rows), times(rest.rows), rest.next]).toEqual([[at(1), at(2)], [at(3), at(4)], null]);
        expect(first.rows[0]).toContain(net_edge);
      }));

    test("end a page early rather than answer with all that is large", () =>
      withStore(open, async (store) => {
        const text = "x".repeat(1_000_000);
        for (let i = 1; i <= 20; i++) await store.writeEvents([createEvent({ seq: i, data: { text } })]);
        const page = await store.exportRows("telemetry_events", {}, 1_000);
        expect(page.rows.length).toBeLessThan(20);
        expect(await rowsOf(store, "telemetry_events", {}, 1_000)).toHaveLength(20);
      }));

    test("are in another state as soon as anything comes to them, and in the same one until then", () =>
      withStore(open, async (store) => {
        const day = { startTime: "2026-11-20T00:00:00.000000Z", endTime: "2026-11-20T23:59:59.999999Z" };
        const states = () => Promise.all(SIGNAL_TABLES.map((table) => store.exportState(table, day)));
        /** Writes, and says whose state is another one by now. */
        const changedBy = async (write: () => Promise<unknown>) => {
          const before = await states();
          expect(await states()).toEqual(before);
          await write();
          const after = await states();
          return SIGNAL_TABLES.filter((_, i) => after[i] !== before[i]);
        };
        const at = (time: string) => `2026-11-20T${time}Z`;
        const metric = { metric_name: "cpu", metric_type: "gauge", metric_value: 1, metric_unit: "%" };
        const figure = {
          metric_name: "revenue",
          metric_value: "1",
          metric_unit: "{EUR}",
          period_start: at("00:00:00"),
        };
        const event = (seq: number, eventType: string, data: EventData, time = "23:59:59.999999") =>
          store.writeEvents([createEvent({ seq, eventType, timestamp: at(time), data })]);
        const ofEvents = (...tables: SignalTable[]) => ["telemetry_events", ...tables];
        expect(await changedBy(() => event(1, "scan_completed", {}))).toEqual(ofEvents());
        expect(await changedBy(() => event(2, "decision", {}, "00:00:00.000000"))).toEqual(ofEvents("decisions"));
        expect(await changedBy(() => event(3, "system_metric", metric))).toEqual(ofEvents("system_metrics"));
        expect(await changedBy(() => event(4, "business_metric", figure))).toEqual(ofEvents("business_metrics"));
        const startMicros = Date.parse(at("12:00:00")) * 1000;
        expect(await changedBy(() => store.writeSpans([createSpan({ startMicros })]))).toEqual(["traces"]);
        // A minute that is there already, and becomes another one.
        for (const count of [1, 2]) {
          const point = { ...histogramPoint(at("12:00:30"), count), timeMicros: startMicros + count * 1_000 };
          expect(await changedBy(() => store.writePoints([point]))).toEqual(["system_metrics"]);
        }
        // Nothing of it is of the day, or new.
        const nextDay = createEvent({ seq: 5, timestamp: "2026-11-21T00:00:00.000000Z" });
        expect(await changedBy(() => store.writeEvents([nextDay]))).toEqual([]);
        expect(await changedBy(() => event(1, "scan_completed", {}))).toEqual([]);
      }));

    test("refuse a table that there is not, and a place that no page gave", () =>
      withStore(open, async (store) => {
        const refused = expect.objectContaining({ code: "invalid_query" });
        await expect(store.exportRows("toString" as "traces", {}, 1)).rejects.toEqual(refused);
        await expect(store.exportState("alerts" as "traces", {})).rejects.toEqual(refused);
        await expect(store.exportRows("traces", {}, 0)).rejects.toEqual(refused);
        await expect(store.exportRows("traces", {}, 1, "' OR 1 --")).rejects.toEqual(refused);
        await expect(store.exportRows("traces", { startTime: "yesterday" }, 1)).rejects.toEqual(refused);
        expect(await store.exportRows("traces", {}, 1)).toEqual({ rows: [], next: null });
      }));
  });
}
