// How many messages a channel is sent in a minute: a bucket of tokens that fills up evenly.

/** A bucket. Its time comes in as an argument and may step back: then nothing is added. */
export interface RateLimit {
  /** Whole milliseconds in which a token comes in. */
  readonly stepMs: number;
  /** Whole tokens there are at `nowMs`. */
  available(nowMs: number): number;
  /** Takes one; call it only when one is there. */
  take(nowMs: number): void;
  /** When the next whole token will be there; `nowMs` if one is. */
  nextMs(nowMs: number): number;
}

/** Makes a full bucket of `perMinute` tokens, filled up at that rate. */
export function createRateLimit(perMinute: number): RateLimit {
  let tokens = perMinute;
  let filledMs: number | undefined;
  const fill = (nowMs: number) => {
    const passedMs = Math.max(0, nowMs - (filledMs ?? nowMs));
    tokens = Math.min(perMinute, tokens + (passedMs * perMinute) / 60_000);
    filledMs = nowMs;
  };
  return {
    stepMs: Math.ceil(60_000 / perMinute),
    available(nowMs) {
      fill(nowMs);
      // A wait until `nextMs` must be enough, however the division was rounded.
      return Math.floor(tokens + 1e-9);
    },
    take(nowMs) {
      fill(nowMs);
      tokens = Math.max(0, tokens - 1);
    },
    nextMs(nowMs) {
      fill(nowMs);
      return tokens + 1e-9 >= 1 ? nowMs : nowMs + Math.ceil(((1 - tokens) * 60_000) / perMinute);
    },
  };
}
