// Numbers as expositions write them.

/** A value: what Go's ParseFloat, and whoever follows OpenMetrics' grammar, reads back as the same double. */
export function toValueText(value: number): string {
  // Only NaN and the infinities are not 0 when taken from themselves.
  if (value - value === 0) return String(value);
  if (value > 0) return "+Inf";
  return value < 0 ? "-Inf" : "NaN";
}

/**
 * A bucket's bound as the label `le`, in the words of Go's `%g`, which Prometheus' other clients use: `0.005`, `5`, `1e+06`. A label
 * is compared as text, so that every way to a server has to write it in the same way. `isOpenMetrics` adds `.0` where nothing says
 * that it is a fraction (OpenMetrics 1.0, "Canonical Numbers").
 */
export function toBoundText(bound: number, isOpenMetrics: boolean): string {
  if (!Number.isFinite(bound)) return toValueText(bound);
  const text = toGoText(bound);
  return isOpenMetrics && /^-?\d+$/.test(text) ? `${text}.0` : text;
}

function toGoText(value: number): string {
  // The shortest digits that read back as the same double: `1.25e+21`.
  const [digits = "", power = ""] = value.toExponential().split("e");
  const exponent = Number(power);
  if (exponent >= -4 && exponent < 6) return String(value);
  return `${digits}e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
}
