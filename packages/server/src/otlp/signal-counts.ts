// What came in, by signal: what the desk says of itself.
import { toTimestamp } from "@tracebook/core";
import type { OtlpSignal, WriteResult } from "@tracebook/store";

/** Counts of one signal. */
export interface SignalCount {
  readonly requests: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly refused_requests: Readonly<Record<string, number>>;
  readonly last_received: string | null;
}

/** Counts requests of all signals. */
export class SignalCounts {
  readonly #nowMs: () => number;
  readonly #counts = { traces: newCount(), logs: newCount(), metrics: newCount() };

  constructor(nowMs: () => number = Date.now) {
    this.#nowMs = nowMs;
  }

  /** A request came. */
  received(signal: OtlpSignal): void {
    const count = this.#counts[signal];
    count.requests++;
    count.lastMs = this.#nowMs();
  }

  /** It is stored. */
  stored(signal: OtlpSignal, { written, duplicates, rejected }: WriteResult): void {
    const count = this.#counts[signal];
    count.accepted += written + duplicates;
    count.rejected += rejected;
  }

  /** It was refused, for one of few reasons. */
  refused(signal: OtlpSignal, reason: string): void {
    const { refused } = this.#counts[signal];
    refused.set(reason, (refused.get(reason) ?? 0) + 1);
  }

  of(signal: OtlpSignal): SignalCount {
    const { requests, accepted, rejected, refused, lastMs } = this.#counts[signal];
    const last = lastMs === undefined ? null : toTimestamp(lastMs * 1_000);
    return { requests, accepted, rejected, refused_requests: Object.fromEntries(refused), last_received: last };
  }
}

function newCount() {
  return {
    requests: 0,
    accepted: 0,
    rejected: 0,
    refused: new Map<string, number>(),
    lastMs: undefined as number | undefined,
  };
}
