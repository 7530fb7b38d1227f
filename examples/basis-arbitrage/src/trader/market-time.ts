/**
 * Time as the market passes it: how far the event times have advanced since the first one. A replay at any speed passes it as
 * the recording did, so that cooldowns and averages mean the same there as they do live.
 */

/** Made by `createMarketTime`. Starts at 0, never goes back. */
export interface MarketTime {
  /** Milliseconds the market has advanced so far. */
  readonly elapsedMs: number;
  /** One message's event time; without one nothing changes. */
  observe(eventTimeMs: number | undefined): void;
}

/** An event time this far from the one before it is no passage of time but an error, or another venue clock. */
const MAX_STEP_MS = 60_000;

/** A clock at 0 that starts with the first event time it is shown. */
export function createMarketTime(): MarketTime {
  return new EventClock();
}

class EventClock implements MarketTime {
  elapsedMs = 0;
  #lastEventTimeMs = Number.NaN;

  observe(eventTimeMs: number | undefined): void {
    if (eventTimeMs === undefined) return;
    const stepMs = eventTimeMs - this.#lastEventTimeMs;
    if (stepMs > 0 && stepMs <= MAX_STEP_MS) {
      this.elapsedMs += stepMs;
      this.#lastEventTimeMs = eventTimeMs;
    } else if (!(Math.abs(stepMs) <= MAX_STEP_MS)) {
      // The first one, or a jump: count on from there. One corrupt time is a jump there and a jump back, and costs nothing.
      this.#lastEventTimeMs = eventTimeMs;
    }
  }
}
