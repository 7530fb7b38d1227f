// Texts for columns.

/**
 * The text, with U+FFFD where it has NUL: SQLite's own functions end a text there, and so does `node:sqlite` of Node 22 when it reads one.
 * What lies within JSON needs none of it: there NUL is an escape.
 */
export function toColumn(text: string): string {
  return text.includes("\0") ? text.replaceAll("\0", "\ufffd") : text;
}

/** The same for a text that may not be there. */
export function toOptionalColumn(text: string | undefined): string | undefined {
  return text === undefined ? undefined : toColumn(text);
}
