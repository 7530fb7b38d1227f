/** Seeded randomness: the same seed and purpose always give the same numbers, on every machine. */

/** A stream of pseudo-random numbers. Made by `createRandom`. Not for secrets. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** A whole number from 0 to `count - 1`. */
  below(count: number): number;
  /** True with the given probability. */
  chance(probability: number): boolean;
  /** Normal with mean 0 and deviation 1. */
  normal(): number;
  /** Log-normal: half of the values are below `median`; `sigma` is the deviation of the logarithm. */
  logNormal(median: number, sigma: number): number;
}

/**
 * A generator for one purpose: separate purposes get unrelated streams from the same seed, so that an order more or less
 * does not change the market. Marsaglia's xorshift with 128 bits of state (Journal of Statistical Software 8/14, 2003).
 */
export function createRandom(seed: number, purpose: string): Random {
  const state = scramble(`${seed}/${purpose}`);
  const next = () => {
    const [x, y, z, w] = state;
    const mixed = x ^ (x << 11);
    state[0] = y;
    state[1] = z;
    state[2] = w;
    state[3] = (w ^ (w >>> 19) ^ mixed ^ (mixed >>> 8)) >>> 0;
    return state[3] / 2 ** 32;
  };
  // 1 - next() is never 0, whose logarithm would be infinite.
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  return {
    next,
    below: (count) => Math.floor(next() * count),
    chance: (probability) => next() < probability,
    normal,
    logNormal: (median, sigma) => median * Math.exp(sigma * normal()),
  };
}

/** Four words from a text, each by multiplying and folding over it from another start; never all zero. */
function scramble(text: string): [number, number, number, number] {
  const word = (start: number) => {
    let hash = start;
    for (let index = 0; index < text.length; index++) {
      hash = Math.imul(hash ^ text.charCodeAt(index), 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    return (Math.imul(hash, 0x85ebca6b) ^ (hash >>> 13)) >>> 0;
  };
  return [word(0x2545f491), word(0x1b873593), word(0x7f4a7c15), word(0x51ed270b) | 1];
}
