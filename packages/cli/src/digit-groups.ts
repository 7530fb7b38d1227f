// Numbers for people: digits in groups of three.

/** Digits before the point in groups of three: `12,345`, `-1,234.50`. Takes decimal texts as they are. */
export function groupDigits(value: number | string): string {
  const [whole = "", fraction] = String(value).split(".");
  const groups = whole.replace(/\B(?=(?:\d{3})+$)/g, ",");
  return fraction === undefined ? groups : `${groups}.${fraction}`;
}
