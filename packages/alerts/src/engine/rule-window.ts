// What rules look through: the data of the last so many seconds.
import type { MetricSample } from "@tracebook/store";
import type { WindowValue } from "./exact-value.ts";

/** A sliding window. At the instant `t` it holds what bears a second from `t - seconds` to before `t`. */
export interface RuleWindow<Item> {
  /** How far back it looks: what is older is of no use to it. */
  readonly seconds: number;
  /**
   * The ages, rising, at which what it holds changes its value though nothing comes; the last is `seconds`. What bears `second` does so at the
   * instants `second + age + 1`. Most windows have one: what is in them leaves.
   */
  readonly ages: readonly number[];
  /** It holds nothing: whatever it was made for has gone. */
  readonly isEmpty: boolean;
  /** Takes what bears `second`; true when it is the first of that second, whose ages have to be looked at. */
  add(second: number, item: Item): boolean;
  /** What is older leaves. Before a look at the instant `t`, it is called with `t - seconds`. */
  dropBefore(second: number): void;
}

/** A window that has a value. */
export interface ValueWindow extends RuleWindow<MetricSample> {
  /** What its samples come to; undefined: there is none. Throws `RangeError` where they are nonsense, or too many. */
  value(): WindowValue | undefined;
}
