import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hasMnemonic, replaceMnemonics } from "./mnemonic.ts";

// Words of the public test vectors of BIP-39.
const WORDS =
  `abandon about legal winner thank year wave sausage worth useful yellow letter advice cage absurd amount doctor acoustic avoid above zoo
  wrong jelly better achieve collect unaware mountain thought cargo oxygen act hood bridge renew life used title school outer young cube
  spare vessel scheme ship devote uncle cat swing flag economy stadium alone churn speed unique patch report train void come effort suffer
  camp survey warrior heavy shoot primary clutch crush open amazing screen patrol group space point ten exist slush involve unfold`.split(
    /\s+/,
  );

const mnemonic = fc
  .record({
    words: fc.array(fc.constantFrom(...WORDS), { minLength: 12, maxLength: 24 }),
    between: fc.constantFrom(" ", "\n", ", ", '","', "  "),
    upper: fc.boolean(),
  })
  .map(({ words, between, upper }) => (upper ? words.join(between).toUpperCase() : words.join(between)));
const around = fc.string({ unit: fc.constantFrom(..."abc XYZ019.,:-\n"), maxLength: 120 });

describe("mnemonics", () => {
  it("are found and replaced wherever they stand", () => {
    fc.assert(
      fc.property(around, mnemonic, around, (before, words, after) => {
        const text = `${before} | ${words} | ${after}`;
        expect(hasMnemonic(text)).toBe(true);
        expect(replaceMnemonics(text, "#")).toContain(" | # | ");
      }),
      { numRuns: 2000 },
    );
  });

  it("are found in both of their lengths, and twice in a text", () => {
    const zoo = `${"zoo ".repeat(11)}wrong`;
    expect(replaceMnemonics(`${zoo}. ${zoo}`, "#")).toBe("#. #");
    expect(replaceMnemonics(`${zoo} 1 ${"abandon ".repeat(23)}art`, "#")).toBe("# 1 #");
  });

  it("need twelve words", () => {
    const text = WORDS.slice(0, 11).join(" ");
    expect(hasMnemonic(text)).toBe(false);
    expect(replaceMnemonics(text, "#")).toBe(text);
  });

  it("are not seen in prose", () => {
    for (const text of [
      "order was placed after the price moved above the upper band and stopped there for a while because the book was thin",
      "spread too wide skip order wait next frame check book depth again before trade resumes under normal market conditions",
      "the quick brown fox jumps over the lazy dog while seven wizards make toxic brew for the evil queen and jack",
    ]) {
      expect(hasMnemonic(text)).toBe(false);
    }
  });

  it("never make it throw, and what it replaces was found", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => {
        expect(replaceMnemonics(text, "#") !== text).toBe(hasMnemonic(text));
      }),
    );
  });
});
