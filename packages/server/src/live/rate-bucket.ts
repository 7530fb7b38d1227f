// How many events a reader takes: so many a second, and no more than a second's worth at once.

/** A bucket that fills by the second. */
export class RateBucket {
  readonly #perSecond: number;
  readonly #nowMs: () => number;
  #tokens: number;
  #atMs: number;

  constructor(perSecond: number, nowMs: () => number) {
    this.#perSecond = perSecond;
    this.#nowMs = nowMs;
    this.#tokens = perSecond;
    this.#atMs = nowMs();
  }

  /** Takes up to `wanted`; returns how many there were. */
  take(wanted: number): number {
    const nowMs = this.#nowMs();
    const gained = ((nowMs - this.#atMs) * this.#perSecond) / 1_000;
    this.#tokens = Math.min(this.#perSecond, this.#tokens + Math.max(gained, 0));
    this.#atMs = nowMs;
    const taken = Math.min(wanted, Math.floor(this.#tokens));
    this.#tokens -= taken;
    return taken;
  }
}

/** `count` of the items, evenly spread, the last among them. */
export function sampleOf<T>(items: readonly T[], count: number): readonly T[] {
  if (count >= items.length) return items;
  return Array.from({ length: count }, (_, i) => items[Math.ceil(((i + 1) * items.length) / count) - 1] as T);
}
