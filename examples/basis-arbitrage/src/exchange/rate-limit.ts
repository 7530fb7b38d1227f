/** Binance's request limits: weight per minute, orders per ten seconds, counted in fixed windows. */
import type { Clock } from "./clock.ts";

/** What became of a request that counts against a limit. */
export interface LimitUse {
  /** Used in the current window, this request included: the value of the answer's header. */
  readonly used: number;
  /** Seconds until the window ends, when the limit was passed. */
  readonly retryAfterS: number | undefined;
}

/** One limit. Made by `createRateLimit`. */
export interface RateLimit {
  readonly limit: number;
  /** Counts `amount` (0 only reads). */
  use(amount: number): LimitUse;
}

/** A limit of `limit` per window; Infinity counts without ever refusing. */
export function createRateLimit(limit: number, windowMs: number, clock: Clock): RateLimit {
  let window = -1;
  let used = 0;
  return {
    limit,
    use(amount) {
      const nowMs = clock.wallMs();
      const current = Math.floor(nowMs / windowMs);
      if (current !== window) {
        window = current;
        used = 0;
      }
      used += amount;
      const retryAfterS = used > limit ? Math.ceil(((current + 1) * windowMs - nowMs) / 1_000) : undefined;
      return { used, retryAfterS };
    },
  };
}
