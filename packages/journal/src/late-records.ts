// Orders that went out before their record was on disk: every one is counted, and people hear of it twice per failure.
import type { EventRecord } from "@tracebook/core/extension";
import type { RecordStream } from "./record-stream.ts";

/** Why a record that precedes an action was not with the operating system when `accept` returned. */
type Lateness = "failing" | "closed" | "refused";

/**
 * Counts late records. The first one of a failure is a line that says what happened, where, and what to do; when nothing of them
 * waits any more, another one says how many there were. Between the two: silence, however many orders go out.
 */
export class LateRecords {
  /** Late records since the journal was opened. */
  total = 0;
  readonly #streams: readonly RecordStream[];
  readonly #onProblem: (line: string) => void;
  /** The streams in which late records of this failure wait; empty when there is none. */
  readonly #waiting = new Set<RecordStream>();
  /** What `total` was when this failure began. */
  #before = 0;
  /** Late records that were dropped before this failure. */
  #toldLost = 0;
  /** What is no failure of a disk is no episode that ends: one line for good. */
  readonly #toldReasons = new Set<Lateness>();

  constructor(streams: readonly RecordStream[], onProblem: (line: string) => void) {
    this.#streams = streams;
    this.#onProblem = onProblem;
  }

  /** Counts a record of `stream` that is late. */
  add(record: EventRecord, stream: RecordStream, isClosed: boolean): void {
    this.total++;
    if (!isClosed && stream.file.isFailing) this.#addToFailure(record, stream);
    else this.#tellOnce(record, isClosed ? "closed" : "refused");
    // What is lost outside of a failure is not to be told as a loss of the next one.
    if (this.#waiting.size === 0) this.#toldLost = this.#lost();
  }

  /** Says that it is over when it is: nothing that was late waits any more. */
  settle(): void {
    if (this.#waiting.size === 0) return;
    for (const stream of this.#waiting) if (stream.hasWork) return;
    this.end();
  }

  /** Says that it is over, since nothing more will be written. */
  end(): void {
    if (this.#waiting.size === 0) return;
    this.#waiting.clear();
    const late = this.total - this.#before;
    const lost = this.#lost();
    const fate =
      lost === this.#toldLost ? "all of them are on disk now" : `${lost - this.#toldLost} of them were dropped`;
    this.#toldLost = lost;
    const orders = late === 1 ? "1 order request" : `${late} order requests`;
    this.#onProblem(`journal: ${orders} went out before being on disk; ${fate}`);
  }

  #addToFailure({ seq }: EventRecord, stream: RecordStream): void {
    if (this.#waiting.size === 0) {
      this.#before = this.total - 1;
      const why = stream.file.lastError ?? "";
      this.#onProblem(
        `journal: order request ${seq} went out before being on disk, and so will others (${why}): ` +
          "make it writable again, or send no orders until it is",
      );
    }
    this.#waiting.add(stream);
  }

  #tellOnce({ seq }: EventRecord, why: Exclude<Lateness, "failing">): void {
    if (this.#toldReasons.has(why)) return;
    this.#toldReasons.add(why);
    this.#onProblem(
      why === "closed"
        ? `journal: order request ${seq} went out after the journal was closed, and is not on record: end trading first`
        : `journal: order request ${seq} was not taken before it went out: see what stats() counts as dropped`,
    );
  }

  /** Records that precede an action are dropped only when they were late. */
  #lost(): number {
    return this.#streams.reduce((sum, stream) => sum + stream.droppedActions, 0);
  }
}
