// How long a text may be, and how a longer one is cut.

/** Texts of more UTF-16 units than this are cut. */
export const MAX_TEXT_UNITS = 65_536;
/** Ids and names that the store has columns for are shorter. */
export const MAX_ID_UNITS = 256;

const MARK = "...";
const HIGH_SURROGATE = 0xd800;

/** The text, at most `maxUnits` long: of a longer one the beginning and `...`, no character cut in half. */
export function cutText(text: string, maxUnits: number): string {
  if (text.length <= maxUnits) return text;
  let end = maxUnits - MARK.length;
  if ((text.charCodeAt(end - 1) & 0xfc00) === HIGH_SURROGATE) end--;
  return text.slice(0, end) + MARK;
}
