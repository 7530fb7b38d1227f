// Randomness that can be had again: the seed is printed, and `STAGE_SEED=N` repeats a run.
import { createSeededRandom } from "../../../packages/node/faults/harness/seeded-random.ts";

/** `{ seed, next, between }`; `between(a, b)` gives a whole number from `a` to `b`. */
export function seededRandom() {
  const given = process.env.STAGE_SEED ?? "";
  return createSeededRandom(/^\d{1,10}$/.test(given) ? Number(given) : Date.now() % 2 ** 31);
}
