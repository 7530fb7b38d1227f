import fc from "fast-check";
import { expect, it } from "vitest";
import { SeqSet } from "./seq-set.ts";

const step = fc.record({ first: fc.integer({ min: 1, max: 60 }), length: fc.integer({ min: 1, max: 8 }) });

it("equals a set of numbers, whatever is added in whatever order", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), fc.boolean(), (steps, single) => {
      const set = new SeqSet();
      const model = new Set<number>();
      for (const { first, length } of steps) {
        if (single) expect(set.add(first)).toBe(!model.has(first));
        else set.addRange(first, first + length - 1);
        for (let seq = first; seq < first + (single ? 1 : length); seq++) model.add(seq);
      }
      const listed = [...set.ranges()].flatMap(({ first, last }) =>
        Array.from({ length: last - first + 1 }, (_, i) => first + i),
      );
      expect(listed).toEqual([...model].sort((a, b) => a - b));
      const gaps = [...set.gaps()].reduce((sum, { first, last }) => sum + last - first + 1, 0);
      expect(gaps).toBe(model.size === 0 ? 0 : Math.max(...model) - Math.min(...model) + 1 - model.size);
      for (let seq = 1; seq <= 70; seq++) expect(set.has(seq)).toBe(model.has(seq));
      const inside = Array.from({ length: 21 }, (_, i) => 20 + i).filter((seq) => !model.has(seq)).length;
      expect(set.missingIn(20, 40)).toBe(inside);
    }),
  );
});
