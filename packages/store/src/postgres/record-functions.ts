// How the records of system and business metrics get into their tables, from the staged rows of their events.
import type { TypedColumn } from "./staged-events.ts";

/** A column of a record, out of its JSON. */
const fieldsOf = (fields: readonly TypedColumn[]) =>
  fields
    .map(([name, type]) => (type === "jsonb" ? `record -> '${name}'` : `(record ->> '${name}')::${type}`))
    .join(", ");
const namesOf = (fields: readonly TypedColumn[]) => fields.map(([name]) => name).join(", ");

const SYSTEM_FIELDS: readonly TypedColumn[] = [
  ["metric_value", "double precision"],
  ["percentile_50", "double precision"],
  ["percentile_90", "double precision"],
  ["percentile_95", "double precision"],
  ["percentile_99", "double precision"],
  ["metric_name", "text"],
  ["metric_type", "text"],
  ["metric_unit", "text"],
  ["service_name", "text"],
  ["host_name", "text"],
  ["instance_id", "text"],
  ["tags", "jsonb"],
];

const BUSINESS_FIELDS: readonly TypedColumn[] = [
  ["period_start", "timestamptz"],
  ["period_end", "timestamptz"],
  ["metric_name", "text"],
  ["metric_category", "text"],
  ["metric_value", "numeric"],
  ["metric_unit", "text"],
  ["currency", "text"],
  ["period_type", "text"],
  ["calculation_method", "text"],
  ["user_id", "text"],
  ["license_id", "text"],
  ["tags", "jsonb"],
];

/** Records that are not there. */
const INSERT_SYSTEM = `INSERT INTO system_records (event_id, metric_timestamp, seq, instance, ${namesOf(SYSTEM_FIELDS)})
      SELECT before + place, timestamp, seq, instance, ${fieldsOf(SYSTEM_FIELDS)} FROM staged_events
      WHERE record IS NOT NULL AND event_type = 'system_metric'
      ON CONFLICT (instance, seq) WHERE seq IS NOT NULL DO NOTHING`;

/** `store_records(before)`: `before` is the id before the first of the batch. `counting` counts those of system metrics that are new, which are `inserted`. */
export function storeRecords(create: string, counting?: string): string {
  const system =
    counting === undefined ? INSERT_SYSTEM : `WITH inserted AS (${INSERT_SYSTEM} RETURNING *)\n    ${counting}`;
  return `${create} FUNCTION store_records(before bigint) RETURNS void LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
  BEGIN
    ${system};
    INSERT INTO business_metrics (event_id, metric_timestamp, seq, instance, ${namesOf(BUSINESS_FIELDS)})
      SELECT before + place, timestamp, seq, instance, ${fieldsOf(BUSINESS_FIELDS)} FROM staged_events
      WHERE record IS NOT NULL AND event_type = 'business_metric'
      ON CONFLICT (instance, seq) WHERE seq IS NOT NULL DO NOTHING;
  END
$$`;
}

/** As the first version has it. */
export const STORE_RECORDS: string = storeRecords("CREATE");
