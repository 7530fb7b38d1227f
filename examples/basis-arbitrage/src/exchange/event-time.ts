/** Moves the event times of a recorded message to the present, leaving every other byte alone. */

/** Matches only keys: inside a JSON string the quotes would be escaped. */
const TIME_FIELD = /"([ET])":(\d{10,16})(?=[,}])/g;

/**
 * The text with every `E` and `T` later by `shiftMs`, so that event time minus send time is what it was when recorded:
 * the recorder's clock error stays as it was, whatever the day or the speed of the replay.
 */
export function shiftEventTimes(text: string, shiftMs: number): string {
  return text.replace(TIME_FIELD, (_, key: string, time: string) => `"${key}":${Number(time) + shiftMs}`);
}
