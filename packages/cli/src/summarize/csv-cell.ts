// One cell of a CSV file, safe in spreadsheets.

/**
 * A text as a cell (RFC 4180). What a spreadsheet would run as a formula gets an apostrophe in front
 * (owasp.org/www-community/attacks/CSV_Injection); quotes, separators and line breaks are quoted.
 */
export function csvCell(text: string): string {
  const inert = /^[=+\-@\t\r\n]/.test(text) ? `'${text}` : text;
  return /[",;\r\n\t']/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}
