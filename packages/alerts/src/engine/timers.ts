// Rules that have to be looked at when a second comes, whatever else happens.

/** By the second. */
export class Timers {
  readonly #bySecond = new Map<number, Set<string>>();

  set(second: number, id: string): void {
    const ids = this.#bySecond.get(second);
    if (ids === undefined) this.#bySecond.set(second, new Set([id]));
    else ids.add(id);
  }

  /** Those of a second, which is over then. */
  take(second: number): Iterable<string> {
    const ids = this.#bySecond.get(second);
    if (ids === undefined) return [];
    this.#bySecond.delete(second);
    return ids;
  }
}
