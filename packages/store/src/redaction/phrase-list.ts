// The words of a wallet, one by one: a list in which no item is a secret, and all of them together are.
import type { Redactor } from "@tracebook/core";
import type { JsonValue } from "../store-input.ts";

/** The shortest phrase (BIP 39). */
const LEAST_WORDS = 12;

/** True for a list of texts that hold a secret when they are read in a row. */
export function holdsPhrase(list: readonly JsonValue[], redactor: Redactor): boolean {
  if (list.length < LEAST_WORDS) return false;
  const text = textOf(list);
  return redactor.text(text) !== text;
}

/** The value with such lists as one text, redacted; itself where there is none. */
export function joinPhrases(value: JsonValue, redactor: Redactor): JsonValue {
  if (typeof value !== "object" || value === null) return value;
  if (!Array.isArray(value)) {
    const entries = Object.entries(value) as [string, JsonValue][];
    const joined = entries.map(([name, one]) => [name, joinPhrases(one, redactor)] as const);
    return joined.every(([, one], i) => one === entries[i]![1]) ? value : Object.fromEntries(joined);
  }
  const list = value as readonly JsonValue[];
  if (holdsPhrase(list, redactor)) return redactor.text(textOf(list));
  const joined = list.map((one) => joinPhrases(one, redactor));
  return joined.every((one, i) => one === list[i]) ? list : joined;
}

function textOf(list: readonly JsonValue[]): string {
  return list.filter((item) => typeof item === "string").join(" ");
}
