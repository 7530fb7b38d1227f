// The second wall knows the names that the first one knows: no fewer, and no more.
import { createRedactor } from "@tracebook/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readCoreLists } from "./core-lists.ts";
import { CLOSED_NAMES, INNOCENT_NAMES } from "./known-names.ts";
import { toNamePatterns } from "./name-patterns.ts";

const lists = readCoreLists();
const { blocked, ignored } = toNamePatterns(lists);
const redactor = createRedactor();

/** A pattern of RE2 for JavaScript, which has flags elsewhere. */
function toRegExp(pattern: string): RegExp {
  return pattern.startsWith("(?i)") ? new RegExp(pattern.slice(4), "i") : new RegExp(pattern);
}

const blocks = blocked.map(toRegExp);
const ignores = ignored.map(toRegExp);
function isMasked(name: string): boolean {
  return !ignores.some((pattern) => pattern.test(name)) && blocks.some((pattern) => pattern.test(name));
}

// No word that makes a stem together with half of another (`api_sig_net`): core sees it there, nobody means it.
const WORDS = [
  ..."api key secret sign pass phrase password private listen access refresh auth bearer session client venue venues".split(
    " ",
  ),
  ..."trading order gross edge token tokens sig cookie mnemonic credential binance http request header x id base yes".split(
    " ",
  ),
  ..."symbol price monkey design signal author public condition stage reason fee bot count length type at ms".split(
    " ",
  ),
];
const lower = fc.array(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 4 });
// `apiXXTokens`: single capitals in a row are one word to some and two to others.
const long = lower.map((words) => words.filter((word) => word.length > 1));
const joined = fc.oneof(
  fc.tuple(lower, fc.constantFrom("_", "-", ".", " ", "")).map(([words, between]) => words.join(between)),
  lower.map((words) => words.join("_").toUpperCase()),
  long.map((words) =>
    words.map((word, at) => (at === 0 ? word : word.slice(0, 1).toUpperCase() + word.slice(1))).join(""),
  ),
);

describe("names of secrets", () => {
  it("are masked exactly where core takes them for secrets", () => {
    fc.assert(
      fc.property(joined, (name) => {
        expect(`${name} ${isMasked(name)}`).toBe(`${name} ${redactor.isSecretKey(name)}`);
      }),
      { numRuns: 3000 },
    );
  });

  it("are all known: each stem, word and owner of core's lists", () => {
    const plain = lists.stems.filter((stem) => /^[a-z]+$/.test(stem));
    expect(plain.length).toBeGreaterThan(25);
    for (const name of [...plain, ...lists.words, ...lists.tokenOwners.map((owner) => `${owner}_token`)])
      expect(`${name} ${isMasked(name)}`).toBe(`${name} true`);
  });

  it.each([
    "X-MBX-APIKEY",
    "OK-ACCESS-SIGN",
    "http.request.header.x_mbx_apikey",
    "trading.exchange.apiSecret",
    "walletPrivateKey",
  ])("of venues and wallets are masked: %s", (name) => expect(isMasked(name)).toBe(true));

  it.each([
    "yes_token",
    "token_id",
    "idempotency_key",
    "trading.keep_reason",
    "secret_name",
    "passwordLength",
    "X-Bapi-Limit-Status",
  ])("that only look like it are left alone: %s", (name) => expect(isMasked(name)).toBe(false));

  it("are not among those that are known to be innocent", () => {
    for (const name of INNOCENT_NAMES) expect(`${name} ${redactor.isSecretKey(name)}`).toBe(`${name} false`);
    expect(new Set(INNOCENT_NAMES).size).toBe(INNOCENT_NAMES.length);
    expect(CLOSED_NAMES).not.toContain("trading.reason");
  });
});
