import fc from "fast-check";
import { expect, test } from "vitest";
import { KnownTexts } from "./known-texts.ts";

const text = fc.constantFrom("", "a", "b", "c", "d", "e", "always", "other");
const step = fc.record({ texts: fc.array(text, { maxLength: 6 }), isCommitted: fc.boolean() });

test("no more texts are told apart than there may be, those in the database among them, and what was rolled back makes room", () => {
  fc.assert(
    fc.property(fc.array(text, { maxLength: 4 }), fc.array(step, { maxLength: 8 }), (stored, steps) => {
      const inDatabase = new Set(stored);
      const known = new KnownTexts({ most: 3, other: "other", always: new Set(["always"]), load: () => inDatabase });
      const isBounded = (one: string) => !["", "always", "other"].includes(one);
      let apart = new Set([...inDatabase].filter(isBounded).slice(0, 3));
      let others = 0;
      for (const { texts, isCommitted } of steps) {
        const now = new Set(apart);
        let othersNow = 0;
        for (const one of texts) {
          if (isBounded(one) && now.size < 3) now.add(one);
          const expected = !isBounded(one) || now.has(one) ? one : "other";
          if (expected !== one) othersNow++;
          expect(known.bounded(one)).toBe(expected);
        }
        if (isCommitted) {
          apart = now;
          others += othersNow;
          known.commit();
        } else known.rollBack();
        expect(known.others).toBe(others);
      }
    }),
  );
});
