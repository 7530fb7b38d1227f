// Makes texts of others harmless wherever they are shown: one line, no controls, bounded.

/** Controls, invisible and direction characters, line and paragraph separators, and white space of any kind. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\s]+/gu;

/**
 * A text as one line of at most `maxUnits` UTF-16 units: line breaks, controls, zero-width and direction characters become one space.
 * Linear; of a longer text only four times `maxUnits` are looked at.
 */
export function toCleanLine(text: string, maxUnits: number): string {
  const line = text
    .slice(0, maxUnits * 4)
    .toWellFormed()
    .replace(UNSAFE, " ")
    .trim();
  return cutText(line.length === 0 || text.length <= maxUnits * 4 ? line : `${line}…`, maxUnits);
}

/** A text of at most `maxUnits` UTF-16 units; one that was longer ends in `…`. No character is cut in half. */
export function cutText(text: string, maxUnits: number): string {
  if (text.length <= maxUnits) return text;
  const kept = text.slice(0, maxUnits - 1);
  // Half of a surrogate pair at the end goes, too.
  return `${kept.isWellFormed() ? kept : kept.slice(0, -1)}…`;
}

/** A text as it may stand in HTML, between tags and in quoted attributes. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}
