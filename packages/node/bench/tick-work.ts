// What trading does in every tick, observed or not: the order book, the signal, the verdict, the order, the answer.
import { type JudgeInput, judge, type Verdict } from "@tracebook/decisions";

/** The stages of the tick, in their order: every variant that observes observes these. */
export const STAGES = ["ws_to_book_update", "book_to_signal", "signal_to_risk", "risk_to_send", "send_to_ack"] as const;

/** What is the same for every tick; hoisted, as a host would. */
export const TICK_ATTRIBUTES = Object.freeze({ symbol: "BTC/USDT", strategy: "basis" });

/** Bucket bounds of stage durations, in seconds: those of Tracebook's catalogue, for all variants. */
export const STAGE_BOUNDS_S: readonly number[] = Object.freeze([
  0.000005, 0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25,
  0.5, 1, 2.5, 5, 10,
]);

/** How many distinct inputs are judged in turn; a power of two. */
const INPUT_COUNT = 512;
/** One input in so many is accepted: 5 of 512, about 1 %. */
const ACCEPT_EVERY = 100;
const BOOK_LEVELS = 64;

/** The work of one process; a step for each stage. Deterministic: every process does the same. */
export class TickWork {
  accepted = 0;
  acknowledged = 0;
  readonly #inputs = createInputs();
  readonly #bids = new Float64Array(BOOK_LEVELS).fill(60_000);
  readonly #asks = new Float64Array(BOOK_LEVELS).fill(60_010);

  /** Stage 1: one level of the book changes. */
  updateBook(index: number): void {
    const level = index % BOOK_LEVELS;
    this.#bids[level] = 60_000 - level + (index % 7);
    this.#asks[level] = 60_010 + level - (index % 5);
  }

  /** Stage 2: the spread of the level that changed. */
  findSignal(index: number): number {
    const level = index % BOOK_LEVELS;
    return this.#asks[level]! - this.#bids[level]!;
  }

  /** Stage 3: judges the next input of the table. This is trading: every variant pays for it. */
  assess(index: number): Verdict {
    return judge(this.#inputs[index % INPUT_COUNT]!);
  }

  /** Stage 4: an accepted verdict would send an order here. */
  send(verdict: Verdict): void {
    if (verdict.accepted) this.accepted++;
  }

  /** Stage 5: the venue's answer. */
  acknowledge(signal: number): void {
    this.acknowledged += signal > 0 ? 1 : 0;
  }
}

/** Several hundred edges of five parts each; amounts in hundredths of a basis point, made into text once. */
function createInputs(): readonly JudgeInput[] {
  const random = createRandom(20_261_120);
  const upTo = (limit: number): number => Math.floor(random() * limit);
  return Array.from({ length: INPUT_COUNT }, (_, i) => {
    const fees = 200 + upTo(300);
    const slippage = 10 + upTo(150);
    const gas = upTo(5) === 0 ? 1 + upTo(20) : 0;
    const latencyBuffer = 10 + upTo(60);
    const minThreshold = 50 + upTo(200);
    const needed = fees + slippage + gas + latencyBuffer + minThreshold;
    const gross = i % ACCEPT_EVERY === ACCEPT_EVERY - 1 ? needed + upTo(200) : Math.max(1, needed - 1 - upTo(600));
    return Object.freeze({
      edge: Object.freeze({
        unit: "bps",
        gross: toBps(gross),
        fees: toBps(fees),
        slippage: toBps(slippage),
        gas: toBps(gas),
        latencyBuffer: toBps(latencyBuffer),
        minThreshold: toBps(minThreshold),
      }),
    });
  });
}

function toBps(hundredths: number): string {
  return (hundredths / 100).toFixed(2);
}

/** Uniform numbers in [0, 1) from a seed: a linear congruential generator, good enough to vary inputs. */
function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
