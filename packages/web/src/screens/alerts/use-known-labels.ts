// The labels of a metric: those of its newest records, as the engine knows them.
import { askableText } from "../../api/askable-text.ts";
import { useAnswer } from "../../api/use-answer.ts";
import { useDebounced } from "../decisions/use-debounced.ts";

const LOOKED_AT = 100;
const SETTLE_MS = 400;
const FRESH_MS = 60_000;
/** Columns of the records that are labels. */
const COLUMNS = {
  system: ["service_name", "host_name", "instance_id"],
  business: ["metric_category", "currency", "period_type", "user_id", "license_id"],
} as const;

/** Their names, the tags first; none as long as the metric is not known. */
export function useKnownLabels(metric: unknown, isBusiness: boolean): readonly string[] {
  const name = useDebounced(typeof metric === "string" ? (askableText(metric) ?? "") : "", SETTLE_MS);
  const query = { metric_name: name, limit: LOOKED_AT };
  const enabled = name !== "";
  const system = useAnswer("/api/telemetry/system-metrics", query, {
    freshMs: FRESH_MS,
    enabled: enabled && !isBusiness,
  });
  const business = useAnswer("/api/telemetry/business-metrics", query, {
    freshMs: FRESH_MS,
    enabled: enabled && isBusiness,
  });
  if (!enabled) return [];
  return isBusiness
    ? labelsOf(business.data?.metrics ?? [], COLUMNS.business)
    : labelsOf(system.data?.metrics ?? [], COLUMNS.system);
}

function labelsOf<Column extends string>(
  records: readonly (Readonly<Record<Column, string | null>> & { readonly tags?: unknown })[],
  columns: readonly Column[],
): readonly string[] {
  const tags = new Set<string>();
  for (const { tags: of } of records)
    if (typeof of === "object" && of !== null) for (const name of Object.keys(of)) tags.add(name);
  const filled = columns.filter((column) => records.some((record) => (record[column] ?? "") !== ""));
  return [...new Set([...tags].sort().concat(filled))];
}
