// What rules look through: the data of the last so many seconds.

/** A sliding window. At the instant `t` it holds what bears a second from `t - seconds` to before `t`. */
export interface RuleWindow<Item> {
  readonly seconds: number;
  /** Takes what bears `second`; true when it is the first of that second, which has to leave again. */
  add(second: number, item: Item): boolean;
  /** What is older leaves. */
  dropBefore(second: number): void;
}
