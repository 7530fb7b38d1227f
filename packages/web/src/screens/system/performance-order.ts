// The order of the table of system performance, as the address has it: `p95_value`, `-service_name`.
import type { Answer } from "../../api/client.ts";

/** A row: a metric of a service in a unit. */
export type Performance = Answer<"/api/telemetry/system-performance">["metrics"][number];

/** Columns with their titles, in their order. */
export const COLUMNS = [
  ["service_name", "Service"],
  ["metric_name", "Metric"],
  ["samples", "Samples"],
  ["avg_value", "Average"],
  ["max_value", "Largest"],
  ["p95_value", "p95"],
] as const;

/** A column. */
export type Column = (typeof COLUMNS)[number][0];

/** How the table is sorted; names rise, numbers fall, unless it is turned round. */
export interface Order {
  readonly column: Column;
  readonly isTurned: boolean;
}

/** Reads it; what makes no sense is by name, then by service. */
export function orderOf(text: string | undefined): Order {
  const isTurned = text?.startsWith("-") ?? false;
  const name = isTurned ? text?.slice(1) : text;
  return { column: COLUMNS.find(([column]) => column === name)?.[0] ?? "metric_name", isTurned };
}

/** What the address says when a column is chosen: the same one again turns the order round. */
export function orderText({ column, isTurned }: Order, chosen: Column): string {
  return column === chosen && !isTurned ? `-${chosen}` : chosen;
}

/** `ascending` or `descending`, as screen readers are told. */
export function directionOf({ column, isTurned }: Order): "ascending" | "descending" {
  const isText = column === "service_name" || column === "metric_name";
  return isText === isTurned ? "descending" : "ascending";
}

/** The rows in that order; those that are alike stay by name and service. */
export function sortRows(rows: readonly Performance[], order: Order): readonly Performance[] {
  const sign = directionOf(order) === "ascending" ? 1 : -1;
  return [...rows].sort((a, b) => sign * compare(a[order.column], b[order.column]) || byName(a, b));
}

/** What tells rows apart, as the address has it. */
export function rowKey({ service_name: service, metric_name: metric, metric_unit: unit }: Performance): string {
  return [metric, unit, service ?? ""].join("|");
}

function byName(a: Performance, b: Performance): number {
  return compare(a.metric_name, b.metric_name) || compare(a.service_name, b.service_name);
}

function compare(a: string | number | null, b: string | number | null): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  const [left, right] = [String(a ?? ""), String(b ?? "")];
  return left === right ? 0 : left < right ? -1 : 1;
}
