// Answers whose JSON the store gives as text: large ones, which nobody reads and writes once more on their way. Shared and limited as others are.
import { SharedAnswers, type SharedBounds } from "../work/shared-answers.ts";
import type { WorkLimit } from "../work/work-limit.ts";

/** How a question is answered. */
export interface TextRules {
  /** Whether it is a heavy one, of which only so many are answered at a time. */
  readonly isHeavy: boolean;
  /** Whether equal questions share their answer for a second. */
  readonly isShared: boolean;
}

const BOUNDS: SharedBounds = Object.freeze({ freshMs: 1_000, entries: 32, totalLength: 8 * 1_048_576 });

/** Answers questions with JSON. */
export class TextAnswers {
  readonly #heavy: WorkLimit;
  readonly #shared = new SharedAnswers(BOUNDS);

  constructor(heavy: WorkLimit) {
    this.#heavy = heavy;
  }

  /** The answer to the question of `url`, made by `work`. Rejects with what `work` does, and with `too_many_questions`. */
  async answer(
    url: string,
    { signal }: { readonly signal: AbortSignal },
    { isHeavy, isShared }: TextRules,
    work: () => Promise<string>,
  ): Promise<Response> {
    const answered = (alive: AbortSignal) => (isHeavy ? this.#heavy.run(alive, work) : work());
    const { pathname, search } = new URL(url);
    const json = isShared ? await this.#shared.ask(pathname + search, signal, answered) : await answered(signal);
    return new Response(json, { headers: { "content-type": "application/json" } });
  }
}
