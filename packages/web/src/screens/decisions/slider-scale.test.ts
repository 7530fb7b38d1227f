import { parseDecimal, subtractDecimals } from "@tracebook/decisions";
import fc from "fast-check";
import { expect, test } from "vitest";
import { amountScale, FACTORS, isSameAmount, positionOf, shiftScale, stepText, valueAt } from "./slider-scale.ts";

const amount = fc
  .tuple(fc.bigInt({ min: -(10n ** 28n), max: 10n ** 28n }), fc.nat({ max: 12 }))
  .map(([digits, scale]) => {
    const text = String(digits < 0n ? -digits : digits).padStart(scale + 1, "0");
    const point = text.length - scale;
    return `${digits < 0n ? "-" : ""}${scale === 0 ? text : `${text.slice(0, point)}.${text.slice(point)}`}`;
  });

test("a factor of 1 is a position of its slider, and three times is its end", () => {
  const one = positionOf(FACTORS, "1") ?? Number.NaN;
  expect(valueAt(FACTORS, one)).toBe("1.00");
  expect(valueAt(FACTORS, FACTORS.last)).toBe("3.00");
});

test("a threshold of 1.50 can be moved by up to 5 either way, with zero in the middle", () => {
  const scale = shiftScale(["1.50", "0.50"]);
  expect(valueAt(scale, 0)).toBe("-5.00");
  expect(valueAt(scale, scale.last / 2)).toBe("0.00");
  expect(valueAt(scale, scale.last)).toBe("5.00");
});

test("an amount begins at zero, or below it where some are negative", () => {
  expect(valueAt(amountScale(["2.00"]), 0)).toBe("0.00");
  expect(valueAt(amountScale(["2.00", "-1"]), 0)).toBe("-5.00");
  expect(valueAt(amountScale([]), amountScale([]).last)).toBe("1");
});

test("ten steps of a tenth are one, not nearly one", () => {
  const scale = shiftScale(["5"]);
  expect(stepText(scale, "0", 10)).toBe("1");
  expect(stepText(scale, "0.0333", 1)).toBe("0.1333");
  expect(stepText(scale, "x", 1)).toBe("x");
});

test("every position is found again from what it means", () => {
  fc.assert(
    fc.property(
      fc.array(amount, { maxLength: 4 }),
      fc.constantFrom(shiftScale, amountScale),
      fc.nat(),
      (amounts, make, at) => {
        const scale = make(amounts);
        const position = at % (scale.last + 1);
        expect(positionOf(scale, valueAt(scale, position))).toBe(position);
      },
    ),
  );
});

test("the position of any amount is the closest one: no further than half a step, or an end", () => {
  fc.assert(
    fc.property(fc.array(amount, { minLength: 1, maxLength: 4 }), amount, (amounts, text) => {
      const scale = shiftScale(amounts);
      const position = positionOf(scale, text) ?? Number.NaN;
      const off = subtractDecimals(parseDecimal(text), parseDecimal(valueAt(scale, position)));
      const places = Math.max(off.scale, scale.step.scale);
      const size = off.coefficient * 10n ** BigInt(places - off.scale) * 2n;
      const step = scale.step.coefficient * 10n ** BigInt(places - scale.step.scale);
      if (position > 0) expect(size >= -step).toBe(true);
      if (position < scale.last) expect(size <= step).toBe(true);
    }),
  );
});

test("steps forth and back lead to where one was, exactly", () => {
  fc.assert(
    fc.property(amount, fc.integer({ min: -1_000, max: 1_000 }), (text, steps) => {
      const scale = shiftScale([text]);
      expect(isSameAmount(stepText(scale, stepText(scale, text, steps), -steps), text)).toBe(true);
    }),
  );
});
