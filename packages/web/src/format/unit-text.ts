// Values of metrics with their unit, as OpenTelemetry writes units (UCUM): `s`, `By`, `1`, `{order}`.
import { durationText } from "./duration-text.ts";
import { bytesText } from "./number-text.ts";

const compact = new Intl.NumberFormat("en", { notation: "compact", maximumSignificantDigits: 3 });
const plain = new Intl.NumberFormat("en", { maximumSignificantDigits: 6 });
const MILLIS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};
const BYTES: Readonly<Record<string, number>> = {
  By: 1,
  KiBy: 2 ** 10,
  MiBy: 2 ** 20,
  GiBy: 2 ** 30,
  kBy: 1e3,
  MBy: 1e6,
  GBy: 1e9,
};

/** Writes values of a unit: `42.1 µs` of `s`, `4.2 MiB` of `By`, `3 orders` of `{order}`, `12.5 USD` of `{USD}`; `–` for what is no number. */
export function unitText(unit: string): (value: number) => string {
  const millis = own(MILLIS, unit);
  if (millis !== undefined) return (value) => durationText(value * millis);
  const bytes = own(BYTES, unit);
  if (bytes !== undefined) return finite((value) => `${value < 0 ? "−" : ""}${bytesText(Math.abs(value * bytes))}`);
  if (unit === "" || unit === "1") return finite(numberText);
  if (unit === "%") return finite((value) => `${numberText(value)} %`);
  return finite((value) => `${numberText(value)} ${unitWords(unit, value)}`);
}

/** The same for the axis of a chart, where there is no room for words: `42.1 µs`, `4.2 MiB`, but `12.5K` of `{order}` and of `{USD}`. */
export function unitAxisText(unit: string): (value: number) => string {
  if (own(MILLIS, unit) !== undefined || own(BYTES, unit) !== undefined) return unitText(unit);
  return finite((value) => `${compact.format(value).replace("-", "−")}${unit === "%" ? " %" : ""}`);
}

/** What is counted in a unit, for the caption of a chart: `orders` of `{order}`; empty where the values say it. */
export function unitName(unit: string): string {
  if (own(MILLIS, unit) !== undefined || own(BYTES, unit) !== undefined || ["", "1", "%"].includes(unit)) return "";
  return unitWords(unit, 2);
}

/** A number as it is, to six digits. */
function numberText(value: number): string {
  return plain.format(value).replace("-", "−");
}

function unitWords(unit: string, value: number): string {
  const thing = /^\{([^{}]+)\}$/.exec(unit)?.[1];
  if (thing === undefined) return unit.replaceAll(/[{}]/g, "");
  // A currency is written in capitals, and has no plural.
  return value === 1 || thing !== thing.toLowerCase() ? thing : plural(thing);
}

function plural(thing: string): string {
  if (/[^aeiou]y$/.test(thing)) return `${thing.slice(0, -1)}ies`;
  return /(s|x|ch|sh)$/.test(thing) ? `${thing}es` : `${thing}s`;
}

function finite(text: (value: number) => string): (value: number) => string {
  return (value) => (Number.isFinite(value) ? text(value) : "–");
}

function own(table: Readonly<Record<string, number>>, unit: string): number | undefined {
  return Object.hasOwn(table, unit) ? table[unit] : undefined;
}
