// The minute that a timestamp belongs to.

const MINUTE_LENGTH = "2026-11-20T12:34".length;

/** Makes a function from a timestamp (`2026-11-20T12:34:56.789012Z`) to the second at which its minute begins; the last minute is remembered. */
export function createMinuteOf(): (timestamp: string) => number {
  let text = "";
  let second = 0;
  return (timestamp) => {
    if (timestamp.startsWith(text) && text !== "") return second;
    text = timestamp.slice(0, MINUTE_LENGTH);
    second = Math.floor(Date.parse(`${text}:00Z`) / 1000);
    return second;
  };
}
