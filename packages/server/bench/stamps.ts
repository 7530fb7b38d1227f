// Makes a request new: another instance and other traces, so that the store has seen none of its items, and other times.
import type { RequestTemplate } from "./samples.ts";

const INSTANCE_PREFIX = "bench-";
const INSTANCE_DIGITS = 8;

/** Writes the instance of a round; of two rounds no item is the same. 0 to 99,999,999. */
export function stampRound({ body, instancesAt, tracesAt }: RequestTemplate, round: number): void {
  const name = INSTANCE_PREFIX + String(round).padStart(INSTANCE_DIGITS, "0");
  for (const at of instancesAt) body.write(name, at, "latin1");
  for (const at of tracesAt) body.writeUInt32LE((body.readUInt32LE(at) + 0x9e37) >>> 0, at);
}

/** Moves all times by so many nanoseconds. */
export function moveTimes({ body, timesAt }: RequestTemplate, nanos: bigint): void {
  for (const at of timesAt) body.writeBigUInt64LE(body.readBigUInt64LE(at) + nanos, at);
}

/** Gives each log record its time, in milliseconds since 1970: when it happened, and when it was observed. */
export function stampTimes({ body, items, timesAt }: RequestTemplate, timeMsOf: (item: number) => number): void {
  const each = timesAt.length / items;
  timesAt.forEach((at, i) => {
    body.writeBigUInt64LE(BigInt(Math.round(timeMsOf(Math.floor(i / each)) * 1e3)) * 1_000n, at);
  });
}
