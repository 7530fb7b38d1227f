// Decimals as they were recorded: exact, only set apart for reading.

const DECIMAL = /^([+-]?)(\d+)(\.\d+)?$/;

/** Groups the whole part by thousands and changes nothing else: `-12345.60` is `−12,345.60`. What is no decimal stays as it is. */
export function decimalText(text: string): string {
  const parts = DECIMAL.exec(text);
  if (parts === null) return text;
  const [, sign, digits = "", fraction = ""] = parts;
  const grouped = digits.replaceAll(/\B(?=(\d{3})+$)/g, ",");
  return `${sign === "-" ? "\u2212" : ""}${grouped}${fraction}`;
}

/** With its unit; `–` for what is not there. */
export function amountText(text: string | null | undefined, unit: string | null | undefined): string {
  if (text === null || text === undefined) return "–";
  return unit === null || unit === undefined || unit === "" ? decimalText(text) : `${decimalText(text)} ${unit}`;
}

/** The number closest to a decimal, for drawing only. NaN for what is none. */
export function drawnNumber(text: string | null | undefined): number {
  return text === null || text === undefined || !DECIMAL.test(text) ? Number.NaN : Number(text);
}
