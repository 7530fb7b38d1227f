// A name as a filter of the API: longer ones are refused, and more than one of them makes an address that no server takes.

const MAX_LENGTH = 1_024;

/** The text, or undefined where it cannot be asked by; then there is no filter, and the answer has more than was meant. */
export function askableText(text: string | null | undefined): string | undefined {
  return text === null || text === undefined || text.length > MAX_LENGTH ? undefined : text;
}
