// Trace ids that carry a number: whatever of a tick arrives, wherever it went meanwhile, says which tick it was.

/** Between run and number, so that the id is none that a reader takes for 64 bits. */
const MIDDLE = "7ace0000fa110000";

/** The id of tick `number` of run `run`; both whole numbers below 2^32, `run` from 1. */
export function numberedTraceId(run: number, number: number): string {
  return hex8(run) + MIDDLE + hex8(number);
}

function hex8(word: number): string {
  return word.toString(16).padStart(8, "0");
}
