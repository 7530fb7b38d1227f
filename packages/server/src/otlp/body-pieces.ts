// The pieces of a body, and their memory: what a hostile body was unpacked to must not wait for the garbage collector.

/** Pieces that come one after another; counted by whoever takes them. */
export class BodyPieces {
  readonly #isOwn: boolean;
  readonly #pieces: Uint8Array[] = [];
  #length = 0;
  #whole: Uint8Array | undefined;

  /** `isOwn`: the pieces were unpacked here, and nobody else has their memory. What a socket has read may be part of what comes next. */
  constructor(isOwn: boolean) {
    this.#isOwn = isOwn;
  }

  get length(): number {
    return this.#length;
  }

  add(piece: Uint8Array): void {
    this.#pieces.push(piece);
    this.#length += piece.byteLength;
  }

  /** All of them in one. */
  whole(): Uint8Array {
    if (this.#whole !== undefined) return this.#whole;
    const [only] = this.#pieces;
    if (only !== undefined && this.#pieces.length === 1) return only;
    const whole = new Uint8Array(this.#length);
    let at = 0;
    for (const piece of this.#pieces) {
      whole.set(piece, at);
      at += piece.byteLength;
    }
    this.release();
    this.#whole = whole;
    return whole;
  }

  /**
   * Gives memory back: detaching a buffer frees it at once, while the collector lets tens of MiB pile up before it looks. The buffer of the last
   * piece is left alone: zlib may still be writing into it, in another thread.
   */
  release(): void {
    free(this.#whole?.buffer);
    this.#whole = undefined;
    if (this.#isOwn) {
      const last = this.#pieces.at(-1)?.buffer;
      for (const { buffer } of this.#pieces) if (buffer !== last) free(buffer);
    }
    this.#pieces.length = 0;
  }
}

function free(buffer: ArrayBufferLike | undefined): void {
  if (buffer instanceof ArrayBuffer && !buffer.detached) buffer.transfer(0);
}
