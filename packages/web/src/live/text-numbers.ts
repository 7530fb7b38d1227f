// Numbers for texts: the same one for the same text, so that a hundred thousand of them are compared in no time.

/** The numbers, from 1 on. */
export interface TextNumbers {
  numberOf(text: string): number;
}

/** Begins without any. Forgets them all when there are too many: then the same text has another number than before. */
export function createTextNumbers(maxTexts = 10_000): TextNumbers {
  const numbers = new Map<string, number>();
  let last = 0;
  return {
    numberOf(text) {
      const known = numbers.get(text);
      if (known !== undefined) return known;
      if (numbers.size >= maxTexts) numbers.clear();
      numbers.set(text, ++last);
      return last;
    },
  };
}
