// Randomness that can be had again: the seed is printed, and `STAGE_SEED=N` repeats a run.

/** `{ seed, between }`; `between(a, b)` gives a whole number from `a` to `b`. */
export function seededRandom() {
  const given = process.env.STAGE_SEED ?? "";
  const seed = /^\d{1,10}$/.test(given) ? Number(given) : Date.now() % 2 ** 31;
  let state = seed >>> 0;
  // Mulberry32: 32 bits of state are plenty for some dozens of moments.
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return { seed, between: (from, to) => from + Math.floor(next() * (to - from + 1)) };
}
