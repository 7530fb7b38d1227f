import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createAlert } from "../../test/store-alerts.ts";
import type { AlertRecords, StoredAlert } from "../alert-records.ts";
import { createAlertSource } from "./alert-source.ts";
import { EXPORT_COLUMNS } from "./export-columns.ts";

const NOW = "2026-11-25T12:00:00.000000Z";
const DAY = { startTime: "2026-11-20T00:00:00.000000Z", endTime: "2026-11-20T23:59:59.999999Z" };
const timeOf = (alert: StoredAlert) => alert.triggered_at ?? alert.pending_since;

/** Few moments, the first and the last of the day among them: many alerts share one. */
const moment = fc.constantFrom(
  "00:00:00.000000",
  "00:00:00.000001",
  "12:00:00.000000",
  "12:00:00.000001",
  "23:59:59.999999",
);
const alerts: fc.Arbitrary<StoredAlert[]> = fc
  .array(fc.tuple(fc.constantFrom("19", "20", "21"), moment, fc.boolean()), { maxLength: 40 })
  .map((some) =>
    some.map(([day, clock, hasFired], i) => {
      const time = `2026-11-${day}T${clock}Z`;
      return createAlert({
        alert_id: `alert-${String(i).padStart(2, "0")}`,
        pending_since: hasFired ? "2026-11-19T00:00:00.000000Z" : time,
        triggered_at: hasFired ? time : null,
        revision: i + 1,
      });
    }),
  );

/** Answers as a store does: newest first, both ends included. */
function recordsOf(some: readonly StoredAlert[]): AlertRecords {
  const newestFirst = [...some].sort((a, b) => (timeOf(a) + a.alert_id > timeOf(b) + b.alert_id ? -1 : 1));
  const records: Pick<AlertRecords, "findAlerts" | "history"> = {
    findAlerts: async ({ startTime = "", endTime = "~" }, limit, offset) =>
      newestFirst.filter((one) => timeOf(one) >= startTime && timeOf(one) <= endTime).slice(offset, offset + limit),
    history: async (id) => [
      { alert_id: id, changed_at: NOW, change: "commented", changed_by: "ann", note: `of "${id}"` },
    ],
  };
  return records as AlertRecords;
}

describe("alerts of an export", () => {
  it("are all of a day, once each and oldest first, with their history, whatever the size of a page", () =>
    fc.assert(
      fc.asyncProperty(alerts, fc.integer({ min: 1, max: 9 }), async (some, limit) => {
        const source = createAlertSource(recordsOf(some), NOW);
        const names = EXPORT_COLUMNS.alerts.map(({ name }) => name);
        const found: { id: unknown; time: string }[] = [];
        for (let after: string | null | undefined; after !== null; ) {
          const page = await source.rows(DAY, limit, after);
          expect(page.rows.length).toBeLessThanOrEqual(limit);
          for (const row of page.rows) {
            const alert = Object.fromEntries(row.map((cell, i) => [names[i], cell]));
            const history = JSON.parse(String(alert["history"]));
            expect(history).toEqual([
              { changed_at: NOW, change: "commented", changed_by: "ann", note: `of "${alert["alert_id"]}"` },
            ]);
            found.push({ id: alert["alert_id"], time: String(alert["triggered_at"] ?? alert["pending_since"]) });
          }
          after = page.next;
        }
        const times = found.map(({ time }) => time);
        expect(times).toEqual([...times].sort());
        const expected = some.filter((alert) => timeOf(alert).startsWith("2026-11-20"));
        expect(found.map(({ id }) => id).sort()).toEqual(expected.map(({ alert_id }) => alert_id));
      }),
    ));

  it("are of the days on which there are any, in their order, as far as the range goes", () =>
    fc.assert(
      fc.asyncProperty(alerts, fc.constantFrom(undefined, DAY.startTime), async (some, startTime) => {
        const days: string[] = [];
        for await (const day of createAlertSource(recordsOf(some), NOW).days({ startTime })) days.push(day);
        const expected = new Set(some.map((alert) => timeOf(alert).slice(0, 10)));
        expect(days).toEqual([...expected].sort().filter((day) => startTime === undefined || day >= "2026-11-20"));
      }),
    ));

  it("are in another state once one of them is another, there or not, and in the same until then", () =>
    fc.assert(
      fc.asyncProperty(alerts, fc.nat(), async (some, place) => {
        const stateOf = (all: readonly StoredAlert[]) => createAlertSource(recordsOf(all), NOW).state(DAY);
        const ofDay = some.filter((alert) => timeOf(alert).startsWith("2026-11-20"));
        fc.pre(ofDay.length > 0);
        const chosen = ofDay[place % ofDay.length]!;
        const others = some.filter((alert) => alert !== chosen);
        expect(await stateOf([...some].reverse())).toBe(await stateOf(some));
        expect(await stateOf(others)).not.toBe(await stateOf(some));
        expect(await stateOf([...others, { ...chosen, revision: 1_000 }])).not.toBe(await stateOf(some));
      }),
    ));
});
