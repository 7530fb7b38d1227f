import { expect, it } from "vitest";
import { type Activity, activityGrid } from "./activity-grid.ts";

function hour(at: string, category: string | null, events: number, users = 0): Activity {
  return { hour: `${at}:00:00.000000Z`, event_category: category, event_count: events, unique_users: users };
}

const at = (text: string) => Date.parse(`${text}:00:00Z`);

it("has a column for every hour, the busiest category on top, and what has none below", () => {
  const activity = [
    hour("2026-11-20T14", "http", 5, 2),
    hour("2026-11-20T12", "http", 1, 1),
    hour("2026-11-20T12", "trading", 7, 1),
    hour("2026-11-20T12", null, 9),
  ];
  const { hours, rows } = activityGrid(activity, at("2026-11-20T12"), at("2026-11-20T15"));
  expect(hours.map((text) => text.slice(11, 16))).toEqual(["12:00", "13:00", "14:00"]);
  expect(rows.map(({ category, events, cells }) => [category, events, cells.map((cell) => cell?.event_count)])).toEqual(
    [
      ["trading", 7, [7, undefined, undefined]],
      ["http", 6, [1, undefined, 5]],
      ["", 9, [9, undefined, undefined]],
    ],
  );
});

it("has no rows when nothing happened", () => {
  expect(activityGrid([], at("2026-11-20T12"), at("2026-11-20T15")).rows).toEqual([]);
});

it("shows of more than a week the newest hours", () => {
  const activity = [hour("2026-11-20T00", "http", 5), hour("2026-11-01T00", "old", 1)];
  const { hours, rows } = activityGrid(activity, at("2026-11-01T00"), at("2026-11-20T01"));
  expect(hours).toHaveLength(168);
  expect(rows.map(({ category }) => category)).toEqual(["http"]);
});
