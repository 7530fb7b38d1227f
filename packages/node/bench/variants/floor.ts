// The least that observing a tick can cost: read the clock, write numbers into arrays, keep a reference.
import { STAGES, TickWork } from "../tick-work.ts";
import { NO_OUTPUT, type Variant } from "../variant.ts";

const SLOTS = 256;
const TIMES = STAGES.length + 1;
const ID_WORDS = 6;
const BUCKETS = 32;

/** Six clock reads, six id words, five bucket increments and one small object a tick. */
export async function createFloor(): Promise<Variant> {
  const work = new TickWork();
  const times = new Float64Array(SLOTS * TIMES);
  const ids = new Int32Array(SLOTS * ID_WORDS);
  const buckets = new Uint32Array(STAGES.length * BUCKETS);
  const records = new Array<object | undefined>(SLOTS).fill(undefined);
  let state = 1;
  return {
    ...NO_OUTPUT,
    tick(index) {
      const slot = index % SLOTS;
      const at = slot * TIMES;
      times[at] = performance.now();
      for (let word = 0; word < ID_WORDS; word++) {
        state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
        ids[slot * ID_WORDS + word] = state;
      }
      work.updateBook(index);
      times[at + 1] = performance.now();
      const signal = work.findSignal(index);
      times[at + 2] = performance.now();
      const verdict = work.assess(index);
      records[slot] = { verdict, slot };
      times[at + 3] = performance.now();
      work.send(verdict);
      times[at + 4] = performance.now();
      work.acknowledge(signal);
      times[at + 5] = performance.now();
      for (let stage = 0; stage < STAGES.length; stage++) {
        const microseconds = (times[at + stage + 1]! - times[at + stage]!) * 1e3;
        // The power of two is the bucket.
        const bucket = stage * BUCKETS + (32 - Math.clz32(microseconds));
        buckets[bucket] = buckets[bucket]! + 1;
      }
      return undefined;
    },
  };
}
