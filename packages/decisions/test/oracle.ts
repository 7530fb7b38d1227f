// An independent oracle for exact decimals: every text as a bigint at one large fixed scale, without any code of the package.
import fc from "fast-check";

/** Places of the fixed scale: more than any generated text has. */
const SCALE = 400;

/** The value of a plain or exponent text times 10 ** 400. */
export function scaled(text: string): bigint {
  const [mantissa = "", exponent = "0"] = text.toLowerCase().split("e");
  const negative = mantissa.startsWith("-");
  const [whole = "", fraction = ""] = mantissa.replace(/^[+-]/, "").split(".");
  const zeros = SCALE - fraction.length + Number(exponent);
  const value = BigInt(whole + fraction + "0".repeat(zeros));
  return negative ? -value : value;
}

/** Places written after the point. */
export function places(text: string): number {
  return text.split(".")[1]?.length ?? 0;
}

/** Plain decimal texts: up to `digits` digits and 30 places, with zeros on either side, often short. */
export function decimalTexts(digits = 38): fc.Arbitrary<string> {
  const whole = fc.stringMatching(/^(0|[1-9][0-9]*)$/, { maxLength: digits });
  const fraction = fc.stringMatching(/^[0-9]*$/, { maxLength: 30 });
  const short = fc.tuple(fc.nat(99_999), fc.nat(4)).map(([value, scale]) => (value / 10 ** scale).toFixed(scale));
  const long = fc.tuple(whole, fraction).map(([before, after]) => (after === "" ? before : `${before}.${after}`));
  return fc.tuple(fc.constantFrom("", "", "-"), fc.oneof(short, long)).map(([sign, text]) => {
    return /[1-9]/.test(text) ? sign + text : text;
  });
}
