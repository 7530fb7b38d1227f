// Cuts a stream of bytes into lines with bounded memory: a line that never ends is counted, not kept.
import { Buffer } from "node:buffer";

/** One line as it lies in its file. */
export interface RawLine {
  /** Without the newline; undefined when the line was longer than the limit. */
  readonly bytes: Buffer | undefined;
  readonly sizeBytes: number;
  /** From 1. */
  readonly line: number;
  /** Of the first byte, in the content of the file (inflated, if it is compressed). */
  readonly offset: number;
  /** False for a last line without a newline. */
  readonly isTerminated: boolean;
}

const NEWLINE = 10;

/** Takes bytes in any pieces and gives the lines that end in them. */
export class LineSplitter {
  readonly #maxLineBytes: number;
  #parts: Buffer[] = [];
  #partBytes = 0;
  #line = 1;
  #offset = 0;

  constructor(maxLineBytes: number) {
    this.#maxLineBytes = maxLineBytes;
  }

  /** The lines that end in this piece. Their bytes are only valid until the piece is changed. */
  *push(piece: Buffer): Generator<RawLine> {
    let from = 0;
    for (;;) {
      const end = piece.indexOf(NEWLINE, from);
      if (end < 0) break;
      this.#add(piece.subarray(from, end));
      yield this.#take(true);
      from = end + 1;
    }
    if (from < piece.length) this.#add(piece.subarray(from));
  }

  /** The last line, if it has no newline. */
  end(): RawLine | undefined {
    return this.#partBytes > 0 ? this.#take(false) : undefined;
  }

  #add(part: Buffer): void {
    this.#partBytes += part.length;
    if (this.#partBytes <= this.#maxLineBytes) this.#parts.push(part);
    else this.#parts.length = 0;
  }

  #take(isTerminated: boolean): RawLine {
    const sizeBytes = this.#partBytes;
    const parts = this.#parts;
    const bytes = sizeBytes > this.#maxLineBytes ? undefined : parts.length === 1 ? parts[0]! : Buffer.concat(parts);
    const line = { bytes, sizeBytes, line: this.#line, offset: this.#offset, isTerminated };
    this.#parts = [];
    this.#partBytes = 0;
    this.#line++;
    this.#offset += sizeBytes + (isTerminated ? 1 : 0);
    return line;
  }
}
