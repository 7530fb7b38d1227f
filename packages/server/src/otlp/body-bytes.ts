// The bytes of a body as they come, in memory that goes back as soon as nobody needs it: what a crowd of hostile bodies leaves behind would
// otherwise wait for the garbage collector, which lets tens of MiB pile up before it looks.

/** The bytes of one body, put together from its pieces. */
export class BodyBytes {
  readonly #isUnshared: boolean;
  readonly #pieces: Uint8Array[] = [];
  #length = 0;

  /** `isUnshared`: nobody else sees the pieces, once whoever adds them has returned to the event loop. */
  constructor(isUnshared: boolean) {
    this.#isUnshared = isUnshared;
  }

  get length(): number {
    return this.#length;
  }

  /** Adds a piece, which nobody changes any more. */
  add(piece: Uint8Array): void {
    this.#pieces.push(piece);
    this.#length += piece.byteLength;
  }

  /** All of them, in memory that is nobody else's, and the caller's from now on. */
  takeWhole(): Uint8Array<ArrayBuffer> {
    const whole = new Uint8Array(this.#length);
    let at = 0;
    for (const piece of this.#pieces) {
      whole.set(piece, at);
      at += piece.byteLength;
      if (this.#isUnshared) freePiece(piece);
    }
    this.#forget();
    return whole;
  }

  /** Gives the memory back. */
  release(): void {
    if (this.#isUnshared) for (const piece of this.#pieces) freePiece(piece);
    this.#forget();
  }

  #forget(): void {
    this.#pieces.length = 0;
    this.#length = 0;
  }
}

/** Gives the memory of an array back at once; it must be nobody else's. Harmless where it was handed over. */
export function freeBytes({ buffer }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && !buffer.detached) buffer.transfer(0);
}

/** The same for a piece that may be part of a larger buffer: it is not alone in that. */
export function freePiece(piece: Uint8Array): void {
  if (piece.byteLength === piece.buffer.byteLength) freeBytes(piece);
}
