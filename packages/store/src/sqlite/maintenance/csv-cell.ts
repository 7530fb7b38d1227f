// Cells of comma-separated values that a spreadsheet shows as they are.

/**
 * What a spreadsheet may take for the beginning of a formula (OWASP, "CSV Injection"), in full width as well; and `'`, which is put before
 * them: so the first `'` of a cell that begins with one is never part of the value.
 */
const SUSPECT = /^[=+\-@\t\r\n'\uFF1D\uFF0B\uFF0D\uFF20]/;
/** Nothing but a number: no cell refers to another one by it. */
const NUMBER = /^[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
/** RFC 4180, section 2.6; and what other readers divide cells by, or trim. */
const TO_BE_QUOTED = /[",;\r\n\t]|^\s|\s$/;

/**
 * A value as a cell (RFC 4180). One that begins with `=`, `+`, `-`, `@`, a tab, a line break or `'` gets a `'` in front, so that no
 * spreadsheet computes it; a number such as `-1.5` stays a number. The value again: the cell without one leading `'`.
 */
export function toCsvCell(value: string): string {
  const shown = SUSPECT.test(value) && !NUMBER.test(value) ? `'${value}` : value;
  return TO_BE_QUOTED.test(shown) ? `"${shown.replaceAll('"', '""')}"` : shown;
}
