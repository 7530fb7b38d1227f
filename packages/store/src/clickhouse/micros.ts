// Timestamps as microseconds since 1970, exact for every year that the text can have: beyond 2255 a number is not.
const SECOND_LENGTH = "2026-11-20T12:34:56".length;
const SECOND = 1_000_000n;
/**
 * What a `DateTime64` is given: of the years 2001 to 2105, so that nanoseconds have nineteen digits. Fewer are taken for seconds, and
 * `DateTime` ends in 2106. What is outside is a broken clock's, and lies with the first or the last of them.
 */
const FIRST_SECOND = 1_000_000_000;
const LAST_SECOND = 4_291_747_200;
const FIRST_NANOS = `${FIRST_SECOND}000000000`;
const LAST_NANOS = `${LAST_SECOND}000000000`;

/** `2026-11-20T12:34:56.789012Z` as microseconds since 1970. */
export function toMicros(timestamp: string): string {
  const seconds = BigInt(Date.parse(`${timestamp.slice(0, SECOND_LENGTH)}Z`) / 1_000);
  return String(seconds * SECOND + BigInt(timestamp.slice(SECOND_LENGTH + 1, -1)));
}

/** The text again. */
export function toText(micros: string | number): string {
  const all = BigInt(micros);
  const rest = ((all % SECOND) + SECOND) % SECOND;
  const second = new Date(Number((all - rest) / 1_000n)).toISOString().slice(0, SECOND_LENGTH);
  return `${second}.${String(rest).padStart(6, "0")}Z`;
}

/** Makes a function that gives microseconds, and what a `DateTime64(9)` can hold of them as nanoseconds. Records come by the second. */
export function createMicrosOf(): (timestamp: string) => { readonly micros: string; readonly nanos: string } {
  let second = "";
  let seconds = 0;
  return (timestamp) => {
    if (!timestamp.startsWith(second) || second === "") {
      second = timestamp.slice(0, SECOND_LENGTH);
      seconds = Date.parse(`${second}Z`) / 1_000;
    }
    if (seconds < FIRST_SECOND || seconds >= LAST_SECOND)
      return { micros: toMicros(timestamp), nanos: seconds < FIRST_SECOND ? FIRST_NANOS : LAST_NANOS };
    const micros = `${seconds}${timestamp.slice(SECOND_LENGTH + 1, -1)}`;
    return { micros, nanos: `${micros}000` };
  };
}

/** Nanoseconds that a `DateTime64(9)` can hold. */
export function toNanos(micros: number, rest: number): string {
  if (micros < FIRST_SECOND * 1e6) return FIRST_NANOS;
  return micros >= LAST_SECOND * 1e6 ? LAST_NANOS : `${micros}${String(rest).padStart(3, "0")}`;
}
