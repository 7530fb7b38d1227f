// Which base-2 exponential bucket a value falls into, by integer operations on the bits of the double.

/** Buckets per power of two are 2^SCALE: neighbouring bounds differ by the factor 2^(1/32), about 2.2 %. */
export const SCALE = 5;

const PER_OCTAVE = 1 << SCALE;
const MIN_EXPONENT = -40;
const MAX_EXPONENT = 50;

/** The lowest bucket that is told apart, just above 2^-40 (about 9.1e-13). */
export const MIN_INDEX = MIN_EXPONENT * PER_OCTAVE;
/** The highest bucket, up to 2^50 (about 1.1e15); greater values are put into it. */
export const MAX_INDEX = MAX_EXPONENT * PER_OCTAVE - 1;
/** What {@link exponentialIndex} returns for 0 and for values up to 2^-40. */
export const ZERO_INDEX = MIN_INDEX - 1;

const scratch = new Float64Array(1);
const words = new Uint32Array(scratch.buffer);
/** The same as signed integers, which stay small: the sign bit of a value that is not negative is 0. */
const signedWords = new Int32Array(scratch.buffer);
scratch[0] = 1;
/** The half of a double that holds sign and exponent: 1 on little-endian machines, which nearly all are. */
const HIGH = words[1] === 0 ? 0 : 1;
const LOW = 1 - HIGH;

const MANTISSA_BITS = 20;
const MANTISSA_MASK = (1 << MANTISSA_BITS) - 1;
/** Twice as many slots as buckets, evenly spaced: narrow enough that at most one bound falls into each. */
const SLOT_BITS = SCALE + 1;
const SLOTS = 1 << SLOT_BITS;
const SLOT_SHIFT = MANTISSA_BITS - SLOT_BITS;

/** For each slot the bucket at its lower end, and the bits of the bound inside it above which the next bucket begins. */
const slotBucket = new Int8Array(SLOTS);
const boundHigh = new Int32Array(SLOTS).fill(MANTISSA_MASK + 1);
const boundLow = new Uint32Array(SLOTS);
for (let bucket = 0, slot = 0; slot < SLOTS; slot++) {
  slotBucket[slot] = bucket - 1;
  const bound = greatestDoubleUpTo(bucket);
  if (bucket >= PER_OCTAVE || bound >= 1 + (slot + 1) / SLOTS) continue;
  scratch[0] = bound;
  boundHigh[slot] = words[HIGH]! & MANTISSA_MASK;
  boundLow[slot] = words[LOW]!;
  bucket++;
}

/** The greatest double that is not above 2^(bucket/32), for buckets 0 to 32: `**` may miss it by one unit in the last place. */
function greatestDoubleUpTo(bucket: number): number {
  const fractionBits = 52;
  const limit = 1n << BigInt(fractionBits * PER_OCTAVE + bucket);
  let mantissa = BigInt(2 ** (bucket / PER_OCTAVE) * 2 ** fractionBits) + 1n;
  while (mantissa ** BigInt(PER_OCTAVE) > limit) mantissa--;
  return Number(mantissa) / 2 ** fractionBits;
}

/**
 * The index of the bucket that holds `value`: the i for which 2^(i/32) < value <= 2^((i+1)/32), as OpenTelemetry's data model
 * defines it at scale 5 (metrics data model, section "ExponentialHistogram").
 *
 * `value` must be finite and not negative (-0 counts as 0); the result lies between {@link ZERO_INDEX} and {@link MAX_INDEX}.
 * Cost: about 2 ns, no garbage, no logarithm.
 */
export function exponentialIndex(value: number): number {
  scratch[0] = value;
  const high = signedWords[HIGH]!;
  const exponent = (high >> MANTISSA_BITS) - 1023;
  if (exponent < MIN_EXPONENT) return ZERO_INDEX;
  if (exponent >= MAX_EXPONENT) return MAX_INDEX;
  const mantissa = high & MANTISSA_MASK;
  const slot = mantissa >> SLOT_SHIFT;
  const bound = boundHigh[slot]!;
  const index = exponent * PER_OCTAVE + slotBucket[slot]!;
  return mantissa > bound || (mantissa === bound && words[LOW]! > boundLow[slot]!) ? index + 1 : index;
}

/** The value that stands for a bucket: its geometric middle, at most the factor 2^(1/64) (1.1 %) from any value in it. */
export function middleOf(index: number): number {
  return 2 ** ((index + 0.5) / PER_OCTAVE);
}
