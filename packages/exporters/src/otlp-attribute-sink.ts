// Attributes straight into the bytes of a request.
import type { AttributeSink } from "@tracebook/core/extension";
import type { OtlpWriter } from "./otlp-writer.ts";

/** What a log record's body repeats of its attributes: the first, or else the second. */
const REASON = "trading.reason";
const MESSAGE = "exception.message";

/** Appends attributes to a writer, and remembers where the reason stands. Used again for each record. */
export class OtlpAttributeSink implements AttributeSink {
  /** Where the bytes of the reason begin, and how many they are; -1 when there is none. */
  reasonAt = -1;
  reasonSize = 0;
  readonly #tag: number;
  #out: OtlpWriter | undefined;

  /** Attributes go under this one-byte tag. */
  constructor(tag: number) {
    this.#tag = tag;
  }

  /** Goes on at the end of `out`, with no reason seen. */
  begin(out: OtlpWriter): this {
    this.#out = out;
    this.reasonAt = -1;
    this.reasonSize = 0;
    return this;
  }

  text(name: string, value: string): void {
    const size = this.#out!.textAttribute(this.#tag, name, value);
    if (name === REASON || (name === MESSAGE && this.reasonAt < 0)) this.#remember(size);
  }

  pieces(name: string, pieces: readonly string[]): void {
    const size = this.#out!.piecesAttribute(this.#tag, name, pieces);
    if (name === REASON) this.#remember(size);
  }

  number(name: string, value: number): void {
    this.#out!.numberAttribute(this.#tag, name, value);
  }

  flag(name: string, value: boolean): void {
    this.#out!.flagAttribute(this.#tag, name, value);
  }

  #remember(size: number): void {
    this.reasonAt = this.#out!.length - size;
    this.reasonSize = size;
  }
}
