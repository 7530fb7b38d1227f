// The bytes of a body as they come, in memory that is gone as soon as nobody needs it: what a hostile body was unpacked to must not wait for
// the garbage collector, nor for an allocator that keeps what it has got from the system.

/** Less than this is kept in pieces, and put together at the end: cheaper, and no more memory than a moment's. */
const GROWING_BYTES = 524_288;
const STEP_BYTES = 262_144;

/** Bytes that come piece by piece. */
export class BodyBytes {
  readonly #most: number;
  readonly #growingBytes: number;
  readonly #pieces: Uint8Array[] = [];
  #length = 0;
  #grown: Uint8Array<ArrayBuffer> | undefined;

  /** `most` bytes at most, which whoever adds sees to; `isLent`: the memory of a piece is somebody else's again after `add`. */
  constructor(most: number, isLent: boolean) {
    this.#most = most;
    this.#growingBytes = isLent ? 0 : GROWING_BYTES;
  }

  get length(): number {
    return this.#length;
  }

  /** Adds a piece. */
  add(piece: Uint8Array): void {
    const from = this.#length;
    this.#length += piece.byteLength;
    if (this.#grown === undefined && this.#length <= this.#growingBytes) this.#pieces.push(piece);
    else this.#grow().set(piece, from);
  }

  /** All of them, in memory that is nobody else's, and the caller's from now on. */
  takeWhole(): Uint8Array<ArrayBuffer> {
    const whole = this.#grown ?? copyInto(new Uint8Array(this.#length), this.#pieces);
    // To the byte: it may have grown by more than there is.
    if (this.#grown !== undefined) this.#grown.buffer.resize(this.#length);
    this.#forget();
    return whole;
  }

  /** Gives the memory back. */
  release(): void {
    if (this.#grown !== undefined) freeBytes(this.#grown);
    this.#forget();
  }

  /** Memory that the system gives page by page, without a copy when it grows, and that goes back to it at once. */
  #grow(): Uint8Array {
    const room = Math.min(this.#most, Math.ceil(this.#length / STEP_BYTES) * STEP_BYTES);
    if (this.#grown === undefined) {
      this.#grown = copyInto(new Uint8Array(new ArrayBuffer(room, { maxByteLength: this.#most })), this.#pieces);
      this.#pieces.length = 0;
    }
    if (this.#grown.byteLength < room) this.#grown.buffer.resize(room);
    return this.#grown;
  }

  #forget(): void {
    this.#grown = undefined;
    this.#pieces.length = 0;
    this.#length = 0;
  }
}

/** Gives the memory of an array back at once; it must be nobody else's. Harmless where it was handed over. */
export function freeBytes({ buffer }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && !buffer.detached) buffer.transfer(0);
}

function copyInto(whole: Uint8Array<ArrayBuffer>, pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.byteLength;
  }
  return whole;
}
