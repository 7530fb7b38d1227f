// The writer of a ClickHouse store as the host's thread sees it: what waits is bounded, and what came of it is counted.
import type { Worker } from "node:worker_threads";
import { CountedWrites } from "../counted-writes.ts";
import { StoreError } from "../errors.ts";
import { NO_COUNTS, type WriterCounts } from "../sqlite/writer-counts.ts";
import type { Store } from "../store.ts";
import { startThread, ThreadLink } from "../thread-link.ts";
import type { ClickhouseSettings } from "./clickhouse-options.ts";
import type { ClickhouseNotice, ClickhouseWriterPlan } from "./writer-plan.ts";

/** Hands what is to be written to the thread. */
export class WriterLink {
  readonly writes: CountedWrites;
  readonly #settings: ClickhouseSettings;
  readonly #thread: ThreadLink<ClickhouseWriterPlan, ClickhouseNotice>;
  #writerCounts: WriterCounts = NO_COUNTS;
  #problem: string | undefined;

  constructor(settings: ClickhouseSettings) {
    const { onProblem: _, ...plan } = settings;
    this.#settings = settings;
    this.#thread = new ThreadLink({ role: "writer", ...plan }, startWriter, ({ counts }) => {
      this.#writerCounts = counts;
    });
    const { url: place, maxPendingBytes } = settings;
    this.writes = new CountedWrites(this.#thread, { place, maxPendingBytes, onOutcome: (error) => this.#hear(error) });
  }

  health(): ReturnType<Store["health"]> {
    return { problem: this.#problem, ...this.writes.counts(), ...this.#writerCounts };
  }

  /** When what waits is written. */
  async close(): Promise<void> {
    await this.#thread.close();
    this.writes.close();
  }

  #hear(error: unknown): void {
    if (error === undefined) this.#problem = undefined;
    else if (error instanceof StoreError) this.#say(error.problem);
  }

  #say(problem: string): void {
    if (problem !== this.#problem) this.#settings.onProblem(problem);
    this.#problem = problem;
  }
}

function startWriter(plan: ClickhouseWriterPlan): Worker {
  return startThread(import.meta.url, "./clickhouse-worker", "tracebook-clickhouse-writer", plan);
}
