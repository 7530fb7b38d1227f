// Labels as one line of text: `service=api, symbol=BTC/USDT|ETH/USDT`. What would be read otherwise has a backslash before it.

/** Values by name; a list means any of these. */
export type LabelPairs = Readonly<Record<string, string | readonly string[]>>;

/** The line; `hasLists`: `|` stands between the values of a list. Empty where there are no pairs. */
export function pairsText(pairs: unknown, hasLists = false): string {
  if (typeof pairs !== "object" || pairs === null || Array.isArray(pairs)) return "";
  return Object.entries(pairs)
    .map(([name, value]) => `${escaped(name, /[\\,=]/g)}=${valueText(value, hasLists)}`)
    .join(", ");
}

/** The pairs of a line; undefined where there are none. A name without a value has an empty one; spaces around both are left out. */
export function parsePairs(text: string, hasLists = false): LabelPairs | undefined {
  const pairs = splitAt(text, ",")
    .map((pair) => pair.trim())
    .filter((pair) => pair !== "")
    .map((pair) => {
      const [name = "", ...rest] = splitAt(pair, "=");
      return [plain(name), hasLists ? listOf(rest.join("=")) : plain(rest.join("="))] as const;
    });
  return pairs.length === 0 ? undefined : Object.fromEntries(pairs);
}

function valueText(value: unknown, hasLists: boolean): string {
  if (!hasLists) return escaped(String(value), /[\\,]/g);
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  return values.map((one) => escaped(String(one), /[\\,|]/g)).join("|");
}

/** While the next value is not written yet, there is one less. */
function listOf(text: string): string | readonly string[] {
  const values = splitAt(text, "|")
    .map(plain)
    .filter((value) => value !== "");
  return values.length > 1 ? values : (values[0] ?? "");
}

/** The parts between separators that have no backslash before them; backslashes stay. */
function splitAt(text: string, separator: string): readonly string[] {
  const parts: string[] = [];
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === "\\") i++;
    else if (text[i] === separator) {
      parts.push(text.slice(from, i));
      from = i + 1;
    }
  }
  return [...parts, text.slice(from)];
}

function escaped(text: string, letters: RegExp): string {
  return text.replaceAll(letters, "\\$&");
}

function plain(text: string): string {
  return text.trim().replaceAll(/\\(.)/gs, "$1");
}
