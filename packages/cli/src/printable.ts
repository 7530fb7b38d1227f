// Recorded text on its way to a terminal: what it says, and nothing that it could do there.

/**
 * Terminal sequences (ECMA-48: CSI; OSC and the other strings up to their terminator; two-character escapes). The strings are bounded,
 * so that a start without an end does not swallow what follows.
 */
const SEQUENCE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
  /(?:\u001b\[|\u009b)[0-?]{0,64}[ -/]{0,16}[@-~]|(?:\u001b[\]PX^_]|[\u0090\u0098\u009d-\u009f])[^\u0007\u001b\u009c]{0,4096}(?:\u0007|\u001b\\|\u009c)|\u001b[ -/]{0,4}[0-Z\\^-~]/g;

/** Controls, marks that turn the direction of writing or are invisible, line separators. */
const CONTROL =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;
const NEEDS_CARE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb]/;

/**
 * Text as one line that is safe on a terminal, at most `maxUnits` UTF-16 units long. Escape sequences are removed, line breaks and tabs
 * become spaces, any other control, invisible or direction character and every lone surrogate becomes U+FFFD.
 */
export function printable(text: string, maxUnits = 4_096): string {
  // What is cut off anyway need not be looked at; removed sequences make a text shorter, hence the reserve.
  const looked = text.length > maxUnits * 4 + 8_192 ? text.slice(0, maxUnits * 4 + 8_192) : text;
  const clean = NEEDS_CARE.test(looked)
    ? looked
        .replace(SEQUENCE, "")
        .replace(/\r\n|[\r\n\t]/g, " ")
        .replace(CONTROL, "\ufffd")
        .toWellFormed()
    : looked;
  return clean.length <= maxUnits ? clean : `${clean.slice(0, maxUnits - 1).toWellFormed()}…`;
}

const UNSAFE_IN_JSON = /[\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

/**
 * The JSON of a value, as one line or indented, with everything escaped that a terminal could act on. It parses to the same value.
 * Throws a RangeError for a value that is nested too deeply.
 */
export function printableJson(value: unknown, indent = 0): string {
  return JSON.stringify(value, undefined, indent).replace(
    UNSAFE_IN_JSON,
    (unsafe) => `\\u${unsafe.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
