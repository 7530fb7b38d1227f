// Where the files of a journal lie and what their names say.
//
//   data/events/YYYYMMDD/events[.WRITER][.pN].jsonl[.gz]     evidence and market events, by UTC date of their timestamp
//   data/events/YYYYMMDD/removed.jsonl                       what retention removed of that day while other files of it stay
//   logs/telemetry[.WRITER][.YYYYMMDD][.pN].jsonl[.gz]       pipeline events
//   logs/metrics[.WRITER][.YYYYMMDD][.pN].jsonl[.gz]         stage latencies
//
// WRITER names a second writer of the same folder; pN is a part that was full; a date or a part says: closed, nobody writes here.
import { join } from "node:path";

/** The kinds of files of a journal. */
export type ShardStem = "events" | "telemetry" | "metrics";

/** What a file name says. */
export interface ShardName {
  readonly stem: ShardStem | "removed";
  /** Empty for the writer that came first. */
  readonly writer: string;
  /** `YYYYMMDD`; empty for a live file of `logs`. */
  readonly day: string;
  /** 0 for a file that was never full. */
  readonly part: number;
  readonly compressed: boolean;
}

const EVENTS_NAME = /^(events|removed)(?:\.([\w.-]+?))??(?:\.p(\d{1,9}))?\.jsonl(\.gz)?$/;
const LOGS_NAME = /^(telemetry|metrics)(?:\.([\w.-]+?))??(?:\.(\d{8}))?(?:\.p(\d{1,9}))?\.jsonl(\.gz)?$/;
const DAY = /^\d{8}$/;

/** The folder of the days. */
export function eventsFolder(dir: string): string {
  return join(dir, "data", "events");
}

/** The folder of pipeline events and latencies. */
export function logsFolder(dir: string): string {
  return join(dir, "logs");
}

/** The folder of a live file of this kind. */
export function shardFolder(dir: string, stem: ShardStem, day: string): string {
  return stem === "events" ? join(eventsFolder(dir), day) : logsFolder(dir);
}

/** The name of the file that a writer appends to. */
export function liveName(stem: ShardStem, writer: string): string {
  return writer === "" ? `${stem}.jsonl` : `${stem}.${writer}.jsonl`;
}

/** The name of the same file once it is closed; part 0 only for logs of an earlier day. */
export function closedName(stem: ShardStem, writer: string, day: string, part: number): string {
  const owner = writer === "" ? "" : `.${writer}`;
  const date = stem === "events" ? "" : `.${day}`;
  return `${stem}${owner}${date}${part === 0 ? "" : `.p${part}`}.jsonl`;
}

/** Reads a name in a day folder (then `day` is that of the folder) or in `logs`. Undefined for files that are not a journal's. */
export function parseShardName(name: string, day?: string): ShardName | undefined {
  const match = (day === undefined ? LOGS_NAME : EVENTS_NAME).exec(name);
  if (match === null) return undefined;
  const groups = day === undefined ? match.slice(1) : [match[1], match[2], day, match[3], match[4]];
  const [stem, writer = "", date = "", part = "0", gz] = groups;
  return { stem: stem as ShardName["stem"], writer, day: date, part: Number(part), compressed: gz !== undefined };
}

/** True for the name of a day folder. */
export function isDay(name: string): boolean {
  return DAY.test(name);
}

const DAY_MICROS = 86_400e6;
const FIRST_MICROS = Date.parse("0000-01-01T00:00:00Z") * 1000;
/** The last whole second of year 9999: microseconds are no longer exact so far out. */
const LAST_MICROS = Date.parse("9999-12-31T23:59:59Z") * 1000;

/** An instant that a year of four digits can hold; what is no instant at all counts as 1970. */
export function boundInstant(epochMicros: number): number {
  return Math.min(Math.max(epochMicros || 0, FIRST_MICROS), LAST_MICROS);
}

/** The UTC day of an instant, counted since 1970. */
export function dayNumber(epochMicros: number): number {
  return Math.floor(epochMicros / DAY_MICROS);
}

/** The first microsecond of a day. */
export function dayStart(day: number): number {
  return day * DAY_MICROS;
}

/** `YYYYMMDD` of a timestamp's text (`2026-11-20T...`). */
export function dayOfTimestamp(timestamp: string): string {
  return timestamp.slice(0, 4) + timestamp.slice(5, 7) + timestamp.slice(8, 10);
}

/** An instance id as it may stand in a file name: `[A-Za-z0-9_-]`, 1 to 64 characters, never a date or a part. */
export function toWriterName(instanceId: string): string {
  const safe = instanceId.replaceAll(/[^A-Za-z0-9_-]+/g, "_").slice(0, 64);
  return safe === "" || /^(\d{8}|p\d+)$/.test(safe) ? `i${safe}` : safe;
}
