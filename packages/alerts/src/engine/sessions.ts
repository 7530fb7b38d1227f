// When a stream is expected to flow: the sessions of an exchange, on the clock of its time zone.
import type { AlertCalendar } from "../rules/alert-rule.ts";
import { WEEKDAYS } from "../rules/parse-calendar.ts";

/** A calendar that can be asked. */
export interface Sessions {
  /**
   * The second since 1970 at which the session began that is open at `second`; undefined: it is closed. Sessions that join are one; always
   * open is since ever.
   */
  openSince(second: number): number | undefined;
}

type SessionCalendar = Extract<AlertCalendar, { readonly kind: "sessions" }>;

interface Session {
  readonly open: number;
  readonly close: number;
}

const DAY_MS = 86_400_000;
/** A week of sessions that join, and the days around them. */
const LOOK_BACK_DAYS = 8;

/** Makes the sessions of a calendar. */
export function createSessions(calendar: AlertCalendar): Sessions {
  if (calendar.kind === "always") return { openSince: () => Number.NEGATIVE_INFINITY };
  const clock = createZoneClock(calendar.time_zone);
  let last: Session | undefined;
  return {
    openSince(second) {
      if (last === undefined || second < last.open || second >= last.close) last = findSession(calendar, clock, second);
      return last?.open;
    },
  };
}

/** The joined session at `second`, as far as it is known: its end may be the end of its first day only. */
function findSession(calendar: SessionCalendar, clock: ZoneClock, second: number): Session | undefined {
  const today = clock.dayOf(second);
  let found: Session | undefined;
  // From today back: one that began yesterday may not have ended.
  for (let back = 0; back <= LOOK_BACK_DAYS; back++) {
    const session = sessionOf(calendar, clock, today - back * DAY_MS);
    if (session === undefined) continue;
    if (found === undefined && session.open <= second && second < session.close) found = session;
    else if (found !== undefined && session.close === found.open) found = { open: session.open, close: found.close };
    else if (found !== undefined) break;
  }
  return found;
}

/** The session that begins on a day (its midnight as UTC); undefined: none does. */
function sessionOf(
  { days, holidays, open, close }: SessionCalendar,
  clock: ZoneClock,
  day: number,
): Session | undefined {
  const date = new Date(day);
  if (!days.includes(WEEKDAYS[date.getUTCDay()]!) || holidays.includes(date.toISOString().slice(0, 10)))
    return undefined;
  const closeDay = close > open ? day : day + DAY_MS;
  return { open: clock.secondOf(day, minutesOf(open)), close: clock.secondOf(closeDay, minutesOf(close)) };
}

function minutesOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
}

/** Between seconds since 1970 and the clock on the wall; a wall clock is told as if it were UTC. */
interface ZoneClock {
  /** Midnight of the day that the wall shows, in milliseconds. */
  dayOf(second: number): number;
  secondOf(day: number, minutes: number): number;
}

function createZoneClock(timeZone: string): ZoneClock {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  });
  const wallOf = (timeMs: number): number => {
    const parts = Object.fromEntries(format.formatToParts(timeMs).map(({ type, value }) => [type, Number(value)]));
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
    return Date.UTC(year, month - 1, day, hour, minute, second);
  };
  return {
    dayOf: (second) => Math.floor(wallOf(second * 1_000) / DAY_MS) * DAY_MS,
    secondOf(day, minutes) {
      const wall = day + minutes * 60_000;
      // The offset at the first guess may be that of the other side of a change: the second guess is right, or an hour that does not exist.
      const guess = wall - (wallOf(wall) - wall);
      return (wall - (wallOf(guess) - guess)) / 1_000;
    },
  };
}
