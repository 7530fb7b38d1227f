// Long words in pieces between which a line may end. Without them a browser tries every letter of a word of 10,000, for a second.

const PIECE = 20;
/** Words that are no longer are left alone. */
const MAX_WORD = 60;

/** The text in pieces, which joined are the text; no piece ends within a letter that takes two code units. */
export function textPieces(text: string): readonly string[] {
  const pieces: string[] = [];
  let from = 0;
  for (const { 0: word, index } of text.matchAll(/\S+/g)) {
    if (word.length <= MAX_WORD) continue;
    const end = index + word.length;
    for (let at = index; at < end; at = from) {
      const next = Math.min(end, at + PIECE);
      const isWithinLetter = next < end && /[\uDC00-\uDFFF]/.test(text.charAt(next));
      pieces.push(text.slice(from, isWithinLetter ? next + 1 : next));
      from = isWithinLetter ? next + 1 : next;
    }
  }
  if (from < text.length) pieces.push(text.slice(from));
  return pieces;
}
