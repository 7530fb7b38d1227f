// Who writes into a store, and which metrics it has.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { StoreSource } from "../../src/store-queries.ts";
import { ReferenceStore } from "../reference-store.ts";
import { events, range, spans } from "../store-arbitraries.ts";
import { createEvent } from "../store-events.ts";
import { createHistogram, createNumber } from "../store-points.ts";
import { type OpenStore, withStore } from "./contract-store.ts";

const byInstance = (a: StoreSource, b: StoreSource) => (String(a.instance_id) < String(b.instance_id) ? -1 : 1);

export function describeSources(open: OpenStore, runs: number): void {
  describe("sources", () => {
    test("come newest first, with what they wrote; one that wrote metrics only is one too", () =>
      withStore(open, async (store) => {
        expect(await store.sources({})).toEqual([]);
        const collector = { serviceName: "collector", instanceId: "" };
        await store.writeEvents([createEvent(), createEvent({ seq: 2, timestamp: "2026-11-20T12:00:00.000000Z" })]);
        await store.writePoints([createNumber(90, 1, { source: collector })]);
        expect(await store.sources({})).toEqual([
          {
            service_name: "collector",
            instance_id: null,
            lastTimestamp: "2026-11-20T13:30:00.000000Z",
            events: 0,
            spans: 0,
          },
          {
            service_name: "bot",
            instance_id: "i-1",
            lastTimestamp: "2026-11-20T12:34:56.789012Z",
            events: 2,
            spans: 0,
          },
        ]);
        const startTime = "2026-11-20T12:34:56.789013Z";
        expect((await store.sources({ startTime })).map((source) => source.service_name)).toEqual(["collector"]);
        expect(await store.sources({ endTime: "2026-11-20T11:59:59.000000Z" })).toEqual([]);
      }));

    test("of the same instance id are one for each service: an id may be the name of a host", () =>
      withStore(open, async (store) => {
        const sources = ["bot", "gateway"].map((serviceName) => ({ serviceName, instanceId: "host-7" }));
        await store.writePoints(sources.map((source, i) => createNumber(1, i + 1, { source, isCumulative: false })));
        await store.writePoints(sources.map((source, i) => createNumber(2, i + 3, { source, isCumulative: false })));
        await store.writeEvents(sources.map((source, i) => createEvent({ source, seq: i + 1 })));
        const metrics = await store.systemMetrics({ metricName: "updates_total" }, 10, 0);
        const values = metrics.map(({ service_name, metric_value }) => `${service_name} ${metric_value}`);
        expect(values.sort()).toEqual(["bot 1", "bot 3", "gateway 2", "gateway 4"]);
        const { events } = await store.findEvents({}, 10, 0);
        expect(events.map((event) => `${event.service_name} ${event.instance_id}`).sort()).toEqual([
          "bot host-7",
          "gateway host-7",
        ]);
      }));

    test("are those of looking at everything, a record that came twice counted once", () =>
      fc.assert(
        fc.asyncProperty(
          events,
          events,
          spans,
          fc.array(range, { minLength: 8, maxLength: 8 }),
          async (some, more, traced, ranges) =>
            withStore(open, async (store) => {
              const reference = new ReferenceStore();
              for (const batch of [some, more, some]) {
                await store.writeEvents(batch);
                reference.writeEvents(batch);
              }
              await store.writeSpans(traced);
              reference.writeSpans(traced);
              for (const one of ranges) {
                const found = [...(await store.sources(one))];
                expect(found.map((source) => source.lastTimestamp)).toEqual(
                  found
                    .map((source) => String(source.lastTimestamp))
                    .sort()
                    .reverse(),
                );
                expect(found.sort(byInstance)).toEqual(reference.sources(one));
              }
            }),
        ),
        { numRuns: runs },
      ));
  });

  describe("names of metrics", () => {
    test("are those of the series that have points in the minutes of the range, by name", () =>
      withStore(open, async (store) => {
        expect(await store.metricNames({})).toEqual([]);
        await store.writePoints([
          createNumber(1, 5, { unit: "old" }),
          createNumber(2, 7, { labels: { symbol: "ETH/USDT" }, description: "Updates." }),
          createNumber(3, 3, { name: "connections", isMonotonic: false }),
          createHistogram(9),
        ]);
        expect(await store.metricNames({})).toEqual([
          { name: "connections", type: "gauge", unit: "1", description: "", series: 1 },
          { name: "stage_seconds", type: "histogram", unit: "s", description: "", series: 1 },
          { name: "updates_total", type: "sum", unit: "1", description: "Updates.", series: 2 },
        ]);
        const endTime = "2026-11-20T12:01:00.000000Z";
        expect(await store.metricNames({ endTime })).toEqual([
          { name: "updates_total", type: "sum", unit: "old", description: "", series: 1 },
        ]);
        expect(await store.metricNames({ startTime: "2026-11-20T12:10:00.000000Z" })).toEqual([]);
      }));
  });
}
