// Trace and span ids: integers while the tick runs, hex when someone reads them.

/** Fills arrays with random 32-bit words. Not for secrets. */
export interface IdSource {
  /** Writes `count` random signed 32-bit words into `words` from index `from`. Cost: about 2 ns a word, no garbage. */
  fill(words: Int32Array, from: number, count: number): void;
}

/**
 * Makes an id source: xoshiro128** (Blackman and Vigna, 2018), seeded once from the platform's cryptographic source.
 *
 * Ids must be unique, not unguessable; the platform's source costs a system call a batch and stalls the tick that pays for it.
 * `seed` (four words, not all zero) makes the sequence repeatable, for tests.
 */
export function createIdSource(seed?: Uint32Array): IdSource {
  const state = seed ?? crypto.getRandomValues(new Uint32Array(4));
  let a = state[0]! | 0;
  let b = state[1]! | 0;
  let c = state[2]! | 0;
  let d = state[3]! | 0 || 1;
  return {
    fill(words, from, count) {
      for (let i = from; i < from + count; i++) {
        const scrambled = Math.imul(b, 5);
        words[i] = Math.imul((scrambled << 7) | (scrambled >>> 25), 9);
        const shifted = b << 9;
        c ^= a;
        d ^= b;
        b ^= c;
        a ^= d;
        c ^= shifted;
        d = (d << 11) | (d >>> 21);
      }
    },
  };
}

const DIGIT = /* @__PURE__ */ Uint8Array.from("0123456789abcdef", (digit) => digit.charCodeAt(0));

/** Two 32-bit words as sixteen lower-case hex digits. Cost: about 50 ns; `toString(16)` and padding take six times that. */
export function wordsToHex(high: number, low: number): string {
  return String.fromCharCode(
    DIGIT[(high >>> 28) & 15]!,
    DIGIT[(high >>> 24) & 15]!,
    DIGIT[(high >>> 20) & 15]!,
    DIGIT[(high >>> 16) & 15]!,
    DIGIT[(high >>> 12) & 15]!,
    DIGIT[(high >>> 8) & 15]!,
    DIGIT[(high >>> 4) & 15]!,
    DIGIT[high & 15]!,
    DIGIT[(low >>> 28) & 15]!,
    DIGIT[(low >>> 24) & 15]!,
    DIGIT[(low >>> 20) & 15]!,
    DIGIT[(low >>> 16) & 15]!,
    DIGIT[(low >>> 12) & 15]!,
    DIGIT[(low >>> 8) & 15]!,
    DIGIT[(low >>> 4) & 15]!,
    DIGIT[low & 15]!,
  );
}

/**
 * Four 32-bit words as 32 lower-case hex digits, in one piece: two strings joined by `+` are a tree, which every reader of single
 * characters (the OTLP serializer, for each span) walks anew.
 */
export function traceIdToHex(a: number, b: number, c: number, d: number): string {
  return String.fromCharCode(
    DIGIT[(a >>> 28) & 15]!,
    DIGIT[(a >>> 24) & 15]!,
    DIGIT[(a >>> 20) & 15]!,
    DIGIT[(a >>> 16) & 15]!,
    DIGIT[(a >>> 12) & 15]!,
    DIGIT[(a >>> 8) & 15]!,
    DIGIT[(a >>> 4) & 15]!,
    DIGIT[a & 15]!,
    DIGIT[(b >>> 28) & 15]!,
    DIGIT[(b >>> 24) & 15]!,
    DIGIT[(b >>> 20) & 15]!,
    DIGIT[(b >>> 16) & 15]!,
    DIGIT[(b >>> 12) & 15]!,
    DIGIT[(b >>> 8) & 15]!,
    DIGIT[(b >>> 4) & 15]!,
    DIGIT[b & 15]!,
    DIGIT[(c >>> 28) & 15]!,
    DIGIT[(c >>> 24) & 15]!,
    DIGIT[(c >>> 20) & 15]!,
    DIGIT[(c >>> 16) & 15]!,
    DIGIT[(c >>> 12) & 15]!,
    DIGIT[(c >>> 8) & 15]!,
    DIGIT[(c >>> 4) & 15]!,
    DIGIT[c & 15]!,
    DIGIT[(d >>> 28) & 15]!,
    DIGIT[(d >>> 24) & 15]!,
    DIGIT[(d >>> 20) & 15]!,
    DIGIT[(d >>> 16) & 15]!,
    DIGIT[(d >>> 12) & 15]!,
    DIGIT[(d >>> 8) & 15]!,
    DIGIT[(d >>> 4) & 15]!,
    DIGIT[d & 15]!,
  );
}

/** Reads eight hex digits at `at` as a signed 32-bit word. */
export function hexToWord(hex: string, at: number): number {
  return Number.parseInt(hex.slice(at, at + 8), 16) | 0;
}

const HEX_ID = /^[0-9a-f]{32}$/i;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * Reads a trace id in either accepted form, a UUID or 32 hex digits, to 32 lower-case hex digits.
 *
 * Returns undefined for anything else and for the all-zero id, which W3C Trace Context (section 3.2.2.3) forbids.
 */
export function parseTraceId(text: unknown): string | undefined {
  if (typeof text !== "string") return undefined;
  let hex: string | undefined;
  if (HEX_ID.test(text)) hex = text.toLowerCase();
  else if (UUID.test(text)) hex = text.replaceAll("-", "").toLowerCase();
  return hex === undefined || hex === "0".repeat(32) ? undefined : hex;
}

/** A new trace id: 32 lower-case hex digits, random. Write it with hyphens and it is a UUID to any reader that does not check the version. */
export function generateTraceId(): string {
  const words = crypto.getRandomValues(new Uint32Array(4));
  // The version and variant bits of a UUID v4 (RFC 9562, section 5.4), so that the same id is valid in systems that keep UUIDs.
  words[1] = (words[1]! & 0xffff0fff) | 0x4000;
  words[2] = (words[2]! & 0x3fffffff) | 0x80000000;
  return traceIdToHex(words[0]!, words[1]!, words[2]!, words[3]!);
}
