// Times for people: how long ago, and when exactly. Everything is UTC, as the records are.

/** "just now", "12 seconds ago", "2 minutes ago", "3 hours ago", "5 days ago"; what lies ahead by more than a second: "in 5 seconds". */
export function agoText(timestamp: string, nowMs: number): string {
  const seconds = Math.round((nowMs - Date.parse(timestamp)) / 1000);
  if (Number.isNaN(seconds)) return timestamp;
  if (seconds < -1) return `in ${amount(-seconds)}`;
  return seconds < 5 ? "just now" : `${amount(seconds)} ago`;
}

function amount(seconds: number): string {
  for (const [unit, size] of UNITS)
    if (seconds >= size) {
      const count = Math.floor(seconds / size);
      return `${count} ${unit}${count === 1 ? "" : "s"}`;
    }
  return "1 second";
}

const UNITS = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
] as const;

/** `12:34:56.789` of a timestamp. */
export function clockText(timestamp: string): string {
  return timestamp.slice(11, 23);
}

/** `2026-11-20 12:34:56.789 UTC` of a timestamp. */
export function momentText(timestamp: string): string {
  return `${timestamp.slice(0, 10)} ${clockText(timestamp)} UTC`;
}

/** `12:34` of seconds since 1970, with the day in front when `withDay`. */
export function axisTimeText(seconds: number, withDay: boolean): string {
  const text = new Date(seconds * 1000).toISOString();
  return withDay ? `${text.slice(5, 10)} ${text.slice(11, 16)}` : text.slice(11, 16);
}
