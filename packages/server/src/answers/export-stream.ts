// An export as a stream: as fast as it is taken, and not for ever.

/** A reader that takes nothing for so long is given up, so that its place is free. */
const STALL_MS = 30_000;

/**
 * Makes the stream; rejects with what the first piece rejects with, so that it can still be said. `leave` is called when it is over, however
 * it ends; `cut` breaks the connection when it fails under way, so that nobody takes what they have for all of it.
 */
export async function exportStream(
  pieces: AsyncIterable<Uint8Array>,
  leave: () => void,
  cut: (() => void) | undefined,
): Promise<ReadableStream<Uint8Array>> {
  const source = new ExportSource(pieces[Symbol.asyncIterator](), leave, cut);
  await source.begin();
  return new ReadableStream(source, { highWaterMark: 1 });
}

class ExportSource {
  readonly #pieces: AsyncIterator<Uint8Array>;
  readonly #leave: () => void;
  readonly #cut: (() => void) | undefined;
  #first: IteratorResult<Uint8Array> | undefined;
  #stall: NodeJS.Timeout | undefined;
  #isOver = false;

  constructor(pieces: AsyncIterator<Uint8Array>, leave: () => void, cut: (() => void) | undefined) {
    this.#pieces = pieces;
    this.#leave = leave;
    this.#cut = cut;
  }

  async begin(): Promise<void> {
    try {
      this.#first = await this.#pieces.next();
    } catch (error) {
      this.cancel();
      throw error;
    }
  }

  async pull(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    clearTimeout(this.#stall);
    try {
      const { done, value } = this.#first ?? (await this.#pieces.next());
      this.#first = undefined;
      if (this.#isOver) return;
      if (done === true) {
        this.cancel();
        return controller.close();
      }
      controller.enqueue(value);
      this.#stall = setTimeout(() => this.#fail(controller, new Error("The export was not taken.")), STALL_MS).unref();
    } catch (error) {
      this.#fail(controller, error);
    }
  }

  /** It is over, by whatever end. */
  cancel(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#stall);
    this.#leave();
    void this.#pieces.return?.().catch(() => {});
  }

  #fail(controller: ReadableStreamDefaultController<Uint8Array>, error: unknown): void {
    this.cancel();
    if (this.#cut === undefined) controller.error(error);
    else this.#cut();
  }
}
