// Looks at the shape of a body of JSON before it is parsed: nonsense of a few megabytes becomes hundreds of them as objects, and a request of
// OTLP has neither objects of many members nor depths of its own choice.
import { OtlpError } from "./otlp-error.ts";

/** OTLP has objects of some twenty; what is named by the sender stands in lists. */
const MAX_MEMBERS = 256;
/** More than a list of items may have, and than any list of attributes that is kept. */
const MAX_ELEMENTS = 100_000;
/** Brackets around the outermost value: of the request down to an exemplar's attributes, with room. */
const BRACKETS_AROUND = 32;
/** Brackets of one value within another: `{"kvlistValue":{"values":[{"key":"","value":`. */
const BRACKETS_A_VALUE = 4;

const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c] as const;
const [OPEN_OBJECT, OPEN_LIST, CLOSE_OBJECT, CLOSE_LIST] = [0x7b, 0x5b, 0x7d, 0x5d] as const;

/**
 * Throws an OtlpError for a body of another shape than OTLP/JSON with values nested up to `maxDepth`. Says nothing of whether it is JSON.
 * Cost: about 1 ns a byte, and no memory.
 */
export function checkJsonShape(body: Uint8Array, maxDepth: number): void {
  const maxBrackets = BRACKETS_AROUND + BRACKETS_A_VALUE * maxDepth;
  /** Of each bracket that is open: how many commas it has had, and how many it may have. */
  const commas = new Int32Array(maxBrackets + 1);
  const most = new Int32Array(maxBrackets + 1).fill(MAX_ELEMENTS);
  let depth = 0;
  for (let at = 0; at < body.length; at++) {
    const byte = body[at]!;
    if (byte === QUOTE) at = endOfText(body, at);
    else if (byte === COMMA) {
      if (++commas[depth]! >= most[depth]!) throw tooMany(most[depth]!, at);
    } else if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
      if (++depth > maxBrackets) throw tooDeep(at);
      commas[depth] = 0;
      most[depth] = byte === OPEN_OBJECT ? MAX_MEMBERS : MAX_ELEMENTS;
    } else if ((byte === CLOSE_OBJECT || byte === CLOSE_LIST) && depth > 0) depth--;
  }
}

/** Where the text that begins at `from` has its second quote, or the body its end. */
function endOfText(body: Uint8Array, from: number): number {
  let at = from + 1;
  while (at < body.length && body[at] !== QUOTE) at += body[at] === BACKSLASH ? 2 : 1;
  return at;
}

function tooDeep(at: number): OtlpError {
  return new OtlpError("too_deep", `A value is nested too deeply (at byte ${at}).`);
}

function tooMany(most: number, at: number): OtlpError {
  const what = most === MAX_MEMBERS ? "an object has" : "a list has";
  return new OtlpError("malformed_otlp", `The body is no OTLP/JSON: ${what} more than ${most} members at byte ${at}.`);
}
