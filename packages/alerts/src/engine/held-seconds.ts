// What a window holds, by the second.

/** Seconds in the order of time, whatever the order in which they came. */
export class HeldSeconds<Second extends { readonly at: number }> {
  #held: Second[] = [];

  /** Oldest first. */
  get all(): readonly Second[] {
    return this.#held;
  }

  /** The second, where there is one. Mostly it is the newest. */
  get(at: number): Second | undefined {
    const held = this.#held[this.#placeOf(at) - 1];
    return held?.at === at ? held : undefined;
  }

  /** Puts in a second that there is not. */
  put(second: Second): void {
    this.#held.splice(this.#placeOf(second.at), 0, second);
  }

  /** Takes out what is older. */
  takeBefore(at: number): readonly Second[] {
    let gone = 0;
    while (gone < this.#held.length && this.#held[gone]!.at < at) gone++;
    if (gone === 0) return NONE;
    const taken = this.#held.slice(0, gone);
    this.#held = this.#held.slice(gone);
    return taken;
  }

  /** Behind the last one that is not after `at`. */
  #placeOf(at: number): number {
    let place = this.#held.length;
    while (place > 0 && this.#held[place - 1]!.at > at) place--;
    return place;
  }
}

const NONE: readonly never[] = [];
