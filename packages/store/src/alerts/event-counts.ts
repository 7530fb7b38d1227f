// Counts of events as databases give them, made into those of the feed.
import type { EventCount, FeedWants } from "../alert-feed.ts";

/** Events that are alike, as a database has counted them. */
export interface CountRow {
  readonly type: string;
  /** Seconds since 1970. */
  readonly second: number;
  readonly symbol: string | null;
  readonly severity: number;
  /** A JSON list of the values of {@link CountPlan.fields}; null: none of them is wanted of this type. */
  readonly fields: string | null;
  readonly count: number;
}

/** What a database is asked for. */
export interface CountPlan {
  readonly types: readonly string[];
  /** All fields that are wanted of any type. */
  readonly fields: readonly string[];
  /** The types of which any are wanted: the data of the others is not looked into. */
  readonly typesWithFields: readonly string[];
  toCount(row: CountRow): EventCount;
}

/** Makes the plan. */
export function createCountPlan({ events }: FeedWants): CountPlan {
  const fields = [...new Set(events.flatMap((want) => want.fields))].sort();
  const places = new Map(events.map((want) => [want.eventType, want.fields.map((field) => fields.indexOf(field))]));
  return {
    types: events.map((want) => want.eventType),
    fields,
    typesWithFields: events.filter((want) => want.fields.length > 0).map((want) => want.eventType),
    toCount: ({ type, second, symbol, severity, fields: text, count }) => {
      const all = text === null ? [] : (JSON.parse(text) as unknown[]);
      const texts = (places.get(type) ?? []).map((place) => toFieldText(all[place]));
      return { eventType: type, second, symbol, severityNumber: severity, fields: texts, count };
    },
  };
}

/** A field as rules compare it: true and false as SQLite has them within a list, 1 and 0; whatever is nested as JSON. */
function toFieldText(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === "boolean") return value ? "1" : "0";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
