// Which generated columns of a row have something to show: a bit for each, by the fields of its JSON (see schema.ts).
import type { EventData } from "../store-input.ts";

/** Fields of an event's data, in the order of their bits. */
const DATA_FIELDS = [
  "event_name",
  "event_category",
  "event_data",
  "user_id",
  "license_id",
  "source",
  "source_ip",
  "duration_ms",
  "tags",
] as const;

/** The same of a span's attributes; of those that share a bit the first that is there counts. */
const TAG_FIELDS: readonly (readonly string[])[] = [
  ["trading.symbol"],
  ["trading.strategy"],
  ["trading.decision"],
  ["trading.reason_code"],
  ["trading.run_id"],
  ["trading.keep_reason"],
  ["http.request.method", "http.method"],
  ["url.full", "http.url", "url.path"],
  ["http.response.status_code", "http.status_code"],
  ["user.id", "enduser.id"],
];

const DATA_BITS = bitsOf(DATA_FIELDS.map((field) => [field]));
const TAG_BITS = bitsOf(TAG_FIELDS);

/** `data_fields` of an event. Cost: a look into a table for each field of the data. */
export function dataFieldsOf(data: EventData): number {
  return fieldsOf(data, DATA_BITS);
}

/** `tag_fields` of a span. */
export function tagFieldsOf(attributes: EventData): number {
  return fieldsOf(attributes, TAG_BITS);
}

function fieldsOf(data: EventData, bits: ReadonlyMap<string, number>): number {
  let fields = 0;
  for (const name in data) fields |= bits.get(name) ?? 0;
  return fields;
}

function bitsOf(fields: readonly (readonly string[])[]): ReadonlyMap<string, number> {
  return new Map(fields.flatMap((names, bit) => names.map((name) => [name, 1 << bit] as const)));
}
