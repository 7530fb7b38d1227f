// Sessions of exchanges, on the clock of their time zone.
import { expect, test } from "vitest";
import type { AlertCalendar } from "../rules/alert-rule.ts";
import { createSessions } from "./sessions.ts";

const NEW_YORK: AlertCalendar = {
  kind: "sessions",
  time_zone: "America/New_York",
  days: ["mon", "tue", "wed", "thu", "fri"],
  open: "09:30",
  close: "16:00",
  holidays: ["2026-11-26"],
};

test.each([
  ["before it opens", "2026-11-20T14:29:59Z", undefined],
  ["as it opens", "2026-11-20T14:30:00Z", "2026-11-20T14:30:00Z"],
  ["before it closes", "2026-11-20T20:59:59Z", "2026-11-20T14:30:00Z"],
  ["as it closes", "2026-11-20T21:00:00Z", undefined],
  ["on a Saturday", "2026-11-21T15:00:00Z", undefined],
  ["on a holiday", "2026-11-26T15:00:00Z", undefined],
  ["in summer, by the summer's clock", "2026-07-01T13:30:00Z", "2026-07-01T13:30:00Z"],
  ["in winter, at that hour", "2026-12-01T13:30:00Z", undefined],
])("an exchange is open or closed %s", (_, time, since) => {
  expect(openSince(NEW_YORK, time)).toBe(since);
});

test("a session goes on after midnight, into a day on which none begins", () => {
  const futures: AlertCalendar = { ...NEW_YORK, time_zone: "UTC", days: ["fri"], open: "22:00", close: "05:00" };
  expect(openSince(futures, "2026-11-21T04:59:59Z")).toBe("2026-11-20T22:00:00Z");
  expect(openSince(futures, "2026-11-21T05:00:00Z")).toBeUndefined();
});

test("sessions that join are one", () => {
  const allDay: AlertCalendar = { ...NEW_YORK, time_zone: "UTC", open: "00:00", close: "24:00", holidays: [] };
  expect(openSince(allDay, "2026-11-18T12:00:00Z")).toBe("2026-11-16T00:00:00Z");
  const sessions = createSessions(allDay);
  // Whatever it was asked before.
  expect(sessions.openSince(second("2026-11-16T12:00:00Z"))).toBe(second("2026-11-16T00:00:00Z"));
  expect(sessions.openSince(second("2026-11-17T00:00:00Z"))).toBe(second("2026-11-16T00:00:00Z"));
});

test("the day on which clocks change has its sessions at the right hours", () => {
  const night: AlertCalendar = { ...NEW_YORK, days: ["sun"], open: "01:30", close: "04:00", holidays: [] };
  // On 8 March 2026 there is no hour from 2 to 3, and on 1 November 2026 the hour from 1 to 2 is there twice.
  expect(openSince(night, "2026-03-08T07:59:59Z")).toBe("2026-03-08T06:30:00Z");
  expect(openSince(night, "2026-03-08T08:00:00Z")).toBeUndefined();
  expect(openSince(night, "2026-11-01T08:59:59Z")).toBeDefined();
  expect(openSince(night, "2026-11-01T09:00:00Z")).toBeUndefined();
});

test("what is always open is so since ever", () => {
  expect(createSessions({ kind: "always" }).openSince(0)).toBe(Number.NEGATIVE_INFINITY);
});

function openSince(calendar: AlertCalendar, time: string): string | undefined {
  const since = createSessions(calendar).openSince(second(time));
  return since === undefined ? undefined : `${new Date(since * 1_000).toISOString().slice(0, 19)}Z`;
}

function second(time: string): number {
  return Date.parse(time) / 1_000;
}
