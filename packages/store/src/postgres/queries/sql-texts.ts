// Pieces of SQL that many questions are made of.
import type { Parameters } from "./statements.ts";

const REST = '-"MM"-"DD"T"HH24":"MI":"SS"."US"Z"';

/** An instant as the text that it is handed on as; the year 0 is the first before Christ. */
export function timeText(column: string): string {
  return `to_char(${column} AT TIME ZONE 'UTC', CASE WHEN ${column} < '0001-01-01 00:00:00+00' THEN '"0000${REST}' ELSE 'YYYY"${REST}' END)`;
}

/** The second at which the slice of a bucket begins, before 1970 too; `$step` is its width. */
export function sliceOf(bucket: string): string {
  return `${bucket} - mod(mod(${bucket}, $step::bigint) + $step::bigint, $step::bigint)`;
}

/** `AND column = $name` for each value that is given, by the columns of the names. */
export function equalTo(parameters: Parameters, columns: Readonly<Record<string, string>>): string {
  return Object.entries(columns)
    .filter(([name]) => parameters[name] !== undefined)
    .map(([name, column]) => `AND ${column} = $${name}`)
    .join(" ");
}
