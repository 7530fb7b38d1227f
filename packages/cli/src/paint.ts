// Colours, or none.

/** Puts text into a colour; without colours it comes back as it is. */
export interface Paint {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly red: (text: string) => string;
}

/** Makes the colours of an output. */
export function createPaint(isEnabled: boolean): Paint {
  const code = (start: number, end: number) =>
    isEnabled ? (text: string) => `\u001b[${start}m${text}\u001b[${end}m` : (text: string) => text;
  return { bold: code(1, 22), dim: code(2, 22), green: code(32, 39), yellow: code(33, 39), red: code(31, 39) };
}
