// Numbers for people: grouped by thousands, short where there is no room, with their unit.

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat("en", { notation: "compact", maximumSignificantDigits: 3 });

/** `12,345`; `–` for what is not known. */
export function countText(value: number | null | undefined): string {
  return value === null || value === undefined || !Number.isFinite(value) ? "–" : whole.format(value);
}

/** `12,345` up to 99,999, then `123K`, `4.56M`. */
export function shortCountText(value: number): string {
  return Math.abs(value) < 100_000 ? whole.format(value) : short.format(value);
}

/** `40.0 %`, by one digit; `–` for what is not known. */
export function percentText(value: number | null | undefined): string {
  return value === null || value === undefined || !Number.isFinite(value) ? "–" : `${value.toFixed(1)} %`;
}

/** A share of a whole in percent: `12.3 %`; below a tenth of a percent, but not 0: `< 0.1 %`. */
export function shareText(part: number, total: number): string {
  if (total <= 0) return "–";
  const percent = (part / total) * 100;
  return percent > 0 && percent < 0.05 ? "< 0.1 %" : percentText(percent);
}

/** Bytes: `812 B`, `4.2 MiB`. */
export function bytesText(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${unit === 0 ? whole.format(value) : value.toFixed(value < 10 ? 2 : 1)} ${units[unit]}`;
}
