// Texts that come again and again in a request: made once.
import { type AttributeName, toAttributeName } from "./attribute-name.ts";

/** Longer texts rarely repeat. A multiple of four. */
const MAX_BYTES = 40;
/** Places of the table; a power of two. A text takes the place of another one, so that the table never grows. */
const PLACES = 512;
const NON_ASCII = 0x80;
const NONE = -1;

/** The texts of one request: a third of the price of making a text, when it is there already. Memory: some 40 kB. */
export class WireTexts {
  readonly #body: Buffer;
  readonly #bodyView: DataView;
  /** The bytes of the text in each place: comparing bytes with bytes is faster than with characters. */
  readonly #known = new Uint8Array(PLACES * MAX_BYTES);
  readonly #knownView = new DataView(this.#known.buffer);
  readonly #sizes = new Int32Array(PLACES).fill(NONE);
  readonly #texts = new Array<string>(PLACES).fill("");
  /** What a text says as a name; worked out when it is first asked for. */
  readonly #names = new Array<AttributeName | undefined>(PLACES).fill(undefined);

  constructor(body: Buffer, bodyView: DataView) {
    this.#body = body;
    this.#bodyView = bodyView;
  }

  /** The UTF-8 text from `from` to before `to`; what is no UTF-8 becomes U+FFFD. */
  text(from: number, to: number): string {
    const place = this.#placeOf(from, to);
    return place === NONE ? this.#body.toString("utf8", from, to) : this.#texts[place]!;
  }

  /** The same as the name of an attribute. */
  name(from: number, to: number): AttributeName {
    const place = this.#placeOf(from, to);
    if (place === NONE) return toAttributeName(this.#body.toString("utf8", from, to));
    const known = this.#names[place];
    if (known !== undefined) return known;
    const name = toAttributeName(this.#texts[place]!);
    this.#names[place] = name;
    return name;
  }

  /** Where the text is; `NONE` for one that is not kept: a long one, and one that is not ASCII. */
  #placeOf(from: number, to: number): number {
    const size = to - from;
    if (size > MAX_BYTES) return NONE;
    const place = this.#hash(from, to) & (PLACES - 1);
    if (this.#sizes[place] === size && this.#isAt(place * MAX_BYTES, from, size)) return place;
    return this.#keep(place, from, size);
  }

  /** Of the beginning, the middle and the end: a text that differs elsewhere only takes the place of another one. */
  #hash(from: number, to: number): number {
    const size = to - from;
    if (size < 4) return Math.imul(size === 0 ? 0 : this.#body[from]! ^ (this.#body[to - 1]! << 4), 0x9e3779b1) >>> 16;
    const view = this.#bodyView;
    const ends = Math.imul(view.getInt32(from), 0x9e3779b1) ^ Math.imul(view.getInt32(to - 4), 0x85ebca6b);
    const hash = Math.imul(ends ^ view.getInt32(from + ((size - 4) >> 1)), 0xc2b2ae35) + size;
    return hash ^ (hash >>> 15);
  }

  #isAt(known: number, from: number, size: number): boolean {
    let i = 0;
    for (; i + 4 <= size; i += 4)
      if (this.#knownView.getInt32(known + i) !== this.#bodyView.getInt32(from + i)) return false;
    for (; i < size; i++) if (this.#known[known + i] !== this.#body[from + i]) return false;
    return true;
  }

  #keep(place: number, from: number, size: number): number {
    for (let i = 0; i < size; i++) if (this.#body[from + i]! >= NON_ASCII) return NONE;
    for (let i = 0; i < size; i++) this.#known[place * MAX_BYTES + i] = this.#body[from + i]!;
    this.#sizes[place] = size;
    this.#texts[place] = this.#body.toString("latin1", from, from + size);
    this.#names[place] = undefined;
    return place;
  }
}
