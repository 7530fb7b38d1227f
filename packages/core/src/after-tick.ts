// What can wait until the tick is over: the counting of flows and records, and whether a trace is kept.
import type { FlowObserver } from "./ended-flow.ts";
import type { LiveFlow } from "./live-flow.ts";
import type { EventRecord } from "./record.ts";
import type { RecordObserver } from "./runtime.ts";

/** What is done with what has waited, and when. */
export interface AfterTickOptions {
  readonly flowObservers: readonly FlowObserver[];
  readonly recordObservers: readonly RecordObserver[];
  /** Runs a function after the tick. */
  readonly afterTick: (fn: () => void) => void;
  /** Runs a function within some milliseconds; called again before it ran, it may begin anew. */
  readonly afterPause: (fn: () => void) => void;
}

/** What happens to a flow once the observers know of it, and to those that are kept once all are through. */
export interface AfterTickWork {
  settle(flow: LiveFlow): void;
  handOver(): void;
  observerThrew(): void;
}

/**
 * So many waiting items (a flow and a record a tick, mostly) are worked off after the tick; fewer wait for a pause of the market. At the
 * pace of a market the code that works them off is cold each time: in lots of a hundred ticks one costs half of what it does in lots of ten.
 */
const MANY = 256;
/** Of each kind so many are worked off in a turn of the event loop: a lot holds it as briefly as a small one, and goes on warm. */
const SLICE = 32;
/** Beyond this many it is not the pace of a market, but a burst: all of it is worked off in one turn, before there is more. */
const BURST = 384;
/** What may wait of a kind, a power of two. In a burst without a turn of the event loop each newcomer works off the oldest. */
const CAPACITY = 1024;

/** First in, first out, of fixed size: nothing to grow, nothing left behind. */
class Waiting<T> {
  readonly #items = new Array<T | undefined>(CAPACITY).fill(undefined);
  #head = 0;
  size = 0;

  push(item: T): void {
    this.#items[(this.#head + this.size) & (CAPACITY - 1)] = item;
    this.size++;
  }

  shift(): T {
    const item = this.#items[this.#head] as T;
    this.#items[this.#head] = undefined;
    this.#head = (this.#head + 1) & (CAPACITY - 1);
    this.size--;
    return item;
  }
}

/** Collects during ticks and works off between them, everything in the order in which it came. */
export class AfterTick {
  readonly #options: AfterTickOptions;
  readonly #work: AfterTickWork;
  readonly #flows = new Waiting<LiveFlow>();
  readonly #records = new Waiting<EventRecord>();
  #news = 0;
  /** The next turn is asked for, by a lot that is not through. */
  #isSlicing = false;
  readonly #turn = () => this.#workTurn();

  constructor(options: AfterTickOptions, work: AfterTickWork) {
    this.#options = options;
    this.#work = work;
  }

  /** Called once a flow, when it has ended. Cost: an array write. */
  ended(flow: LiveFlow): void {
    if (this.#flows.size === CAPACITY) this.#settle(this.#flows.shift());
    this.#flows.push(flow);
    this.#arm();
  }

  /** Called once a record. Cost: an array write. */
  emitted(record: EventRecord): void {
    if (this.#options.recordObservers.length === 0) return;
    if (this.#records.size === CAPACITY) this.#observe(this.#records.shift());
    this.#records.push(record);
    this.#arm();
  }

  /** Sees to it that there will be a `drain`: flows wait to be handed over. */
  wake(): void {
    if (this.#news === 0) this.#arm();
  }

  /** Works off all that waits, now. Never throws. */
  drain(): void {
    // As many as there were: an observer of the host's may itself start flows, and those come next time.
    this.#workOff(this.#records.size, this.#flows.size);
  }

  #workTurn(): void {
    this.#isSlicing = false;
    if (Math.max(this.#records.size, this.#flows.size) > BURST) return this.drain();
    this.#workOff(SLICE, SLICE);
    if (this.#records.size === 0 && this.#flows.size === 0) return;
    // What has come in between goes with the lot.
    this.#isSlicing = true;
    this.#options.afterTick(this.#turn);
  }

  #workOff(records: number, flows: number): void {
    this.#news = 0;
    for (let left = records; left > 0 && this.#records.size > 0; left--) this.#observe(this.#records.shift());
    for (let left = flows; left > 0 && this.#flows.size > 0; left--) this.#settle(this.#flows.shift());
    this.#work.handOver();
  }

  #arm(): void {
    this.#news++;
    if (this.#isSlicing) return;
    if (this.#news === 1) this.#options.afterPause(this.#turn);
    else if (this.#news === MANY) this.#options.afterTick(this.#turn);
  }

  #observe(record: EventRecord): void {
    const observers = this.#options.recordObservers;
    try {
      for (let i = 0; i < observers.length; i++) observers[i]!.recordEmitted(record);
    } catch {
      this.#work.observerThrew();
    }
  }

  #settle(flow: LiveFlow): void {
    const observers = this.#options.flowObservers;
    try {
      for (let i = 0; i < observers.length; i++) observers[i]!.flowEnded(flow);
    } catch {
      this.#work.observerThrew();
    }
    this.#work.settle(flow);
  }
}
