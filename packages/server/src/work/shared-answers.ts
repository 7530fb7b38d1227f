// Answers that are shared: the same question of many open pages is worked out once, and again when the answer is a second old.

/** The bounds. */
export interface SharedBounds {
  /** How long an answer is as good as new, in milliseconds. */
  readonly freshMs: number;
  /** Answers that are kept, and the characters of all of them together. */
  readonly entries: number;
  readonly totalLength: number;
}

interface Shared {
  readonly answer: Promise<string>;
  readonly work: AbortController;
  /** Those who wait for it: when the last one has gone away, nobody wants it any more. */
  waiting: number;
  length: number;
}

/** Answers by question. */
export class SharedAnswers {
  readonly #bounds: SharedBounds;
  readonly #answers = new Map<string, Shared>();
  #totalLength = 0;

  constructor(bounds: SharedBounds) {
    this.#bounds = bounds;
  }

  /**
   * The answer to a question, worked out by `work` unless somebody else's is under way or fresh. The signal that `work` gets aborts when all
   * who asked have gone. Rejects with what `work` does, which is not kept, and with the reason of `signal`.
   */
  async ask(question: string, signal: AbortSignal, work: (signal: AbortSignal) => Promise<string>): Promise<string> {
    signal.throwIfAborted();
    const shared = this.#answers.get(question) ?? this.#begin(question, work);
    shared.waiting++;
    const gone = new Promise<never>((_, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    });
    // Where the answer comes first, nobody hears of the other.
    gone.catch(() => {});
    try {
      return await Promise.race([shared.answer, gone]);
    } finally {
      if (--shared.waiting === 0 && shared.length === 0) this.#abandon(question, shared);
    }
  }

  #begin(question: string, work: (signal: AbortSignal) => Promise<string>): Shared {
    const abort = new AbortController();
    const answer = work(abort.signal);
    const shared: Shared = { answer, work: abort, waiting: 0, length: 0 };
    this.#answers.set(question, shared);
    answer.then(
      (text) => this.#keep(question, shared, text),
      () => this.#drop(question, shared),
    );
    return shared;
  }

  #keep(question: string, shared: Shared, text: string): void {
    if (this.#answers.get(question) !== shared) return;
    shared.length = text.length;
    this.#totalLength += text.length;
    setTimeout(() => this.#drop(question, shared), this.#bounds.freshMs).unref();
    for (const [oldest, other] of this.#answers) {
      if (this.#answers.size <= this.#bounds.entries && this.#totalLength <= this.#bounds.totalLength) return;
      if (other.length > 0) this.#drop(oldest, other);
    }
  }

  #abandon(question: string, shared: Shared): void {
    this.#drop(question, shared);
    shared.work.abort(new DOMException("Nobody waits for the answer.", "AbortError"));
  }

  #drop(question: string, shared: Shared): void {
    if (this.#answers.get(question) !== shared) return;
    this.#answers.delete(question);
    this.#totalLength -= shared.length;
  }
}
