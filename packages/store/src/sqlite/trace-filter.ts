// Which part of the events may hold those of a trace: sets of bits instead of an index.
//
// Trace ids come in no order, so that every insert into an index of them changes another page: with a million events that took as much
// time and log as all other indexes together, and more with each further million. A Bloom filter of 4 KiB for 2,048 events costs a
// hundredth of it; of 10 million events 20 MiB are looked through, and one filter in 2,000 says yes when it should say no (B. H. Bloom, 1970).

/** Events in one filter. */
export const FILTER_EVENTS = 2_048;
/** 16 bits an event. */
const FILTER_BYTES = (FILTER_EVENTS * 16) / 8;
const FILTER_BITS = FILTER_BYTES * 8;
/** Bits that each trace id sets. Fewer than the 11 that would be best: one in 2,000 is good enough, and each costs. */
const HASHES = 7;

/** Makes an empty filter. */
export function createFilter(): Uint8Array {
  return new Uint8Array(FILTER_BYTES);
}

/** Adds a trace id of 32 hex digits. */
export function addToFilter(filter: Uint8Array, traceId: string): void {
  const [at, step] = hash(traceId);
  for (let i = 0; i < HASHES; i++) {
    const bit = placeOf(at, step, i);
    filter[bit >>> 3]! |= 1 << (bit & 7);
  }
}

/** False when the trace id was never added; true when it was, or by chance. */
export function mayHold(filter: Uint8Array, traceId: string): boolean {
  const [at, step] = hash(traceId);
  for (let i = 0; i < HASHES; i++) {
    const bit = placeOf(at, step, i);
    if ((filter[bit >>> 3]! & (1 << (bit & 7))) === 0) return false;
  }
  return true;
}

/** The place of the i-th bit; the number of bits is a power of two. */
function placeOf(at: number, step: number, i: number): number {
  return (at + Math.imul(i, step)) & (FILTER_BITS - 1);
}

/** Two numbers of the id; the second is odd. Ids that are counted up, as some make them, are mixed as well as random ones. */
function hash(traceId: string): readonly [number, number] {
  let first = 0x9e3779b9;
  let second = 0x85ebca6b;
  for (let i = 0; i < 32; i += 8) {
    const word = wordAt(traceId, i);
    first = mix(first ^ word);
    second = mix(second + word);
  }
  return [first, second | 1];
}

/** The number that eight hex digits are. */
function wordAt(hex: string, from: number): number {
  let word = 0;
  for (let i = from; i < from + 8; i++) {
    const code = hex.charCodeAt(i);
    // The digits of either case have their value in the lower bits, letters from 1 on.
    word = (word << 4) | ((code & 0xf) + (code > 0x39 ? 9 : 0));
  }
  return word;
}

/** Spreads the bits of a number over all of its 32: the finalizer of MurmurHash3 (A. Appleby, public domain). */
function mix(value: number): number {
  let bits = value;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}
