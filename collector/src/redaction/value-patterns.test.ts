// The second wall masks secrets inside texts, and nothing of what trading services say otherwise.
import { describe, expect, it } from "vitest";
import { readCoreLists } from "./core-lists.ts";
import { toValuePatterns } from "./value-patterns.ts";

const patterns = toValuePatterns(readCoreLists()).map((pattern) => {
  // RE2 puts flags in front and has a sign for the end of the text.
  const [, flags = "", rest = ""] = /^(?:\(\?([is]+)\))?(.*)$/s.exec(pattern) ?? [];
  return new RegExp(withoutGroupFlags(rest.replaceAll("\\z", "$(?![\\s\\S])")), `${flags}g`);
});

/** Writes `(?i:a[b-c])` as `(?:[aA][b-cB-C])`: flags of a group are newer than the oldest Node.js that runs this. */
function withoutGroupFlags(pattern: string): string {
  let out = "";
  /** For each open group, whether case counts in it. */
  const exact = [true];
  let isInClass = false;
  for (let at = 0; at < pattern.length; at++) {
    const rest = pattern.slice(at);
    const letter = rest[0]!;
    if (letter === "\\") out += pattern.slice(at, ++at + 1);
    else if (isInClass) {
      const range = exact.at(-1) ? undefined : /^[a-z]-[a-z]/.exec(rest)?.[0];
      if (range !== undefined) at += 2;
      out += range === undefined ? letter : range + range.toUpperCase();
      isInClass = letter !== "]";
    } else if (rest.startsWith("(?i:")) {
      exact.push(false);
      out += "(?:";
      at += 3;
    } else {
      if (letter === "(") exact.push(exact.at(-1)!);
      if (letter === ")") exact.pop();
      isInClass = letter === "[";
      out += exact.at(-1) || !/[a-z]/i.test(letter) ? letter : `[${letter.toLowerCase()}${letter.toUpperCase()}]`;
    }
  }
  return out;
}

function masked(text: string): string {
  return patterns.reduce((left, pattern) => left.replace(pattern, "****"), text);
}

describe("texts", () => {
  it.each([
    ["401 for Bearer abcDEF123456", "401 for ****"],
    [
      "GET /api/v3/order?symbol=BTCUSDT&signature=9f86d081884c7d65&timestamp=1",
      "GET /api/v3/order?symbol=BTCUSDT&****&timestamp=1",
    ],
    ['{"apiKey":"k3yMaterial99","n":1}', '{"****","n":1}'],
    ["postgres://trader:hunter2@db:5432/trades", "postgres****db:5432/trades"],
    ["bot --api-secret s3cr3tValue --dry-run", "bot **** --dry-run"],
    [
      "wss://stream.binance.com/ws/pqia91ma19a5s61cv6a81va65sdf19v8a65a1a5s61cv6a81va65",
      "wss://stream.binance.com****",
    ],
  ])("lose their secret: %s", (text, left) => expect(masked(text)).toBe(left));

  it("lose a key block to its end, cut or whole", () => {
    const begin = `-----BEGIN ${"PRIVATE"} KEY-----`;
    expect(masked(`a ${begin}\nMIIE\n-----END ${"PRIVATE"} KEY----- b`)).toBe("a **** b");
    expect(masked(`a ${begin}\nMIIE`)).toBe("a ****");
  });

  it.each([
    "net edge 1.20 bps is below the threshold of 1.50 bps",
    "token: unexpected end of input",
    "password is missing",
    "http://127.0.0.1:4318/v1/traces",
    "GET /api/v3/ticker?symbol=BTCUSDT",
    "0x4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318",
    "4bf92f3577b34da6a3ce929d0e0e4736",
    "risk-limits, task-queue-0001-basis-trader",
    "[REDACTED]",
    "apiKey=[REDACTED]",
  ])("without one stay as they are: %s", (text) => expect(masked(text)).toBe(text));
});
