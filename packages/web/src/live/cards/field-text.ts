// Fields of other people's events as text of a line: never too long, never anything but text.
import type { StoredEvent } from "../../api/client.ts";

/** What an event carries. */
export type EventFields = StoredEvent["data"];

/** A card is one line: what is longer stands in the detail. */
const MAX_LINE = 300;
const MAX_VALUE = 80;
const LISTED = 3;

/** A field that is a text, a number or a truth; undefined for what is missing, empty or something else. */
export function textField(data: EventFields, name: string): string | undefined {
  const value = Object.hasOwn(data, name) ? data[name] : undefined;
  if (typeof value === "string") return value.trim() === "" ? undefined : cutText(value);
  return typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;
}

/** A field that is a number; undefined for everything else. */
export function numberField(data: EventFields, name: string): number | undefined {
  const value = Object.hasOwn(data, name) ? data[name] : undefined;
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

/** Whatever a value is, in a few words. */
export function valueText(value: unknown): string {
  if (value === null || value === undefined || value === "") return "–";
  if (typeof value === "string") return cutText(value, MAX_VALUE);
  if (Array.isArray(value)) return listText(value);
  if (typeof value === "object") return cutText(JSON.stringify(value), MAX_VALUE);
  return String(value);
}

/** The first of a list, and how many more there are. */
export function listText(values: readonly unknown[]): string {
  const shown = values.slice(0, LISTED).map((value) => (Array.isArray(value) ? "[…]" : valueText(value)));
  const more = values.length - shown.length;
  return `${shown.join(", ")}${more > 0 ? ` + ${more} more` : ""}` || "none";
}

/** At most so many characters, on one line. */
export function cutText(text: string, max: number = MAX_LINE): string {
  const line = text.slice(0, max + 1).replaceAll(/\s+/g, " ");
  return text.length > max ? `${line.slice(0, max)}…` : line;
}
