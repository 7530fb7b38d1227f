// Writes JSON straight into bytes: no intermediate strings for what is written 2,000 times a second.

/** Appends JSON to a growing byte buffer. Strings that hold secrets are redacted, oversized values cut, and both counted. */
export interface JsonWriter {
  /** Appends a prepared ASCII fragment, such as `,"net_edge":`, byte by byte. */
  raw(ascii: string): void;
  /** Appends a fragment that was prepared as bytes, once: the cheapest way to write what never changes (about 10 ns, whatever its length). */
  fragment(bytes: Uint8Array): void;
  /**
   * Appends a string of a small set (a strategy, a unit, a reason code) as {@link string} would, from a bounded memory of such
   * strings: escaped and redacted once, about 25 ns afterwards.
   */
  label(text: string): void;
  /** Appends a JSON string that is known to be plain (printable ASCII, no quote, no backslash), such as a decimal or an id. */
  plain(text: string): void;
  /** Appends any string as a JSON string: escaped, UTF-8, lone surrogates replaced, cut at the value limit, redacted. */
  string(text: string): void;
  /** Appends a finite number; `null` for NaN and the infinities. */
  number(value: number): void;
  /** Appends whatever a host may pass, bounded in depth, items and size; hostile values never throw. */
  value(value: unknown): void;
  /** Appends 32-bit words as lower-case hex digits in quotes. */
  hex(words: readonly number[] | Int32Array, from: number, count: number): void;
}
