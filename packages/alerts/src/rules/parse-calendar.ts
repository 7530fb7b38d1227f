// Reads a calendar: sessions of an exchange.
import type { AlertCalendar, Weekday } from "./alert-rule.ts";
import type { RuleReader } from "./rule-reader.ts";

/** In the order of `Date.getUTCDay()`. */
export const WEEKDAYS: readonly Weekday[] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

const WORK_DAYS: readonly Weekday[] = ["mon", "tue", "wed", "thu", "fri"];

/** Of the field `calendar`. */
export function readCalendar(reader: RuleReader): AlertCalendar {
  const calendar = reader.inner("calendar", ["kind", "time_zone", "days", "open", "close", "holidays"]);
  if (calendar.word("kind", ["always", "sessions"], "sessions") === "always") return { kind: "always" };
  const open = readTime(calendar, "open", "09:30");
  const close = readTime(calendar, "close", "16:00");
  if (open === close && open !== "")
    calendar.refuse("close", `is ${close}, as open is: the session would have no end.`);
  return {
    kind: "sessions",
    time_zone: readZone(calendar),
    days: readDays(calendar),
    open,
    close,
    holidays: readHolidays(calendar),
  };
}

function readTime(calendar: RuleReader, field: string, example: string): string {
  const text = calendar.requiredText(field, `"${example}"`);
  const isTime = /^([01]\d|2[0-3]):[0-5]\d$/.test(text) || (field === "close" && text === "24:00");
  if (isTime || text === "") return text;
  const short = /^\d:[0-5]\d/.test(text) ? `0${text.slice(0, 4)}` : undefined;
  calendar.refuse(field, `is ${JSON.stringify(text)}; it must be hours and minutes like ${example}.`, short);
  return "";
}

function readZone(calendar: RuleReader): string {
  const zone = calendar.requiredText("time_zone", '"America/New_York"');
  if (zone === "") return "UTC";
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return zone;
  } catch {
    calendar.refuse("time_zone", `is ${JSON.stringify(zone)}, which is no time zone of the IANA database.`, "UTC");
    return "UTC";
  }
}

function readDays(calendar: RuleReader): readonly Weekday[] {
  if (!calendar.has("days")) return WORK_DAYS;
  const given = calendar.list("days").map((day) => day.toLowerCase().slice(0, 3));
  const days = WEEKDAYS.filter((day) => given.includes(day));
  if (days.length === 0 || given.some((day) => !WEEKDAYS.includes(day as Weekday)))
    calendar.refuse(
      "days",
      `must name at least one of ${WEEKDAYS.join(", ")}, and nothing else.`,
      JSON.stringify(WORK_DAYS),
    );
  return days;
}

function readHolidays(calendar: RuleReader): readonly string[] {
  const days = calendar.list("holidays");
  const wrong = days.find((day) => {
    const time = /^\d{4}-\d\d-\d\d$/.test(day) ? Date.parse(`${day}T00:00:00Z`) : Number.NaN;
    return Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== day;
  });
  if (wrong !== undefined)
    calendar.refuse("holidays", `has ${JSON.stringify(wrong)}, which is no day; they are like 2026-12-25.`);
  return days;
}
