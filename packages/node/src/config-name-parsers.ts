// How names are read: hosts, header and field names, prefixes.
import { pattern, type ValueKind } from "./config-parsers.ts";

/** The address to listen on: a host name or an IP address, without a port. */
export const hostKind: ValueKind<string> = pattern("a host name or an IP address, without a port", (text) => {
  const bare = /^\[(.*)\]$/.exec(text)?.[1] ?? text;
  if (bare.includes(":")) return isIpv6(bare) ? bare : undefined;
  // Only digits and dots, but no address: a typo that a resolver would spend seconds on.
  if (/^[\d.]+$/.test(bare)) return isIpv4(bare) ? bare : undefined;
  return bare.length <= 253 && /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/i.test(bare) ? bare : undefined;
});

function isIpv4(text: string): boolean {
  const parts = text.split(".");
  return parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255);
}

/** The URL parser knows them; `node:net` does too, but loading it takes longer than a start without telemetry may. */
function isIpv6(text: string): boolean {
  return /^[0-9a-f:.]{2,45}$/i.test(text) && URL.canParse(`http://[${text}]`);
}

/** Hosts that may see trace headers: `*` globs, `:port` optional, IPv6 in brackets. Lower-case. */
export function readHostGlob(item: string): string | undefined {
  const match = /^(\[[0-9a-f:.*]{2,45}\]|[a-z0-9*_-]+(?:\.[a-z0-9*_-]+)*)(?::(\d{1,5}))?$/.exec(item.toLowerCase());
  if (match === null || match[0].length > 255 || Number(match[2] ?? 0) > 65_535) return undefined;
  return match[0];
}

/** Names for the redactor, which compares 2 to 128 letters and digits of them. */
export function readSecretKey(item: string): string | undefined {
  const compact = item.replace(/[^A-Za-z0-9]/g, "").length;
  return compact >= 2 && compact <= 128 && item.length <= 256 ? item : undefined;
}

/** What stands in front of metric names; given with or without the `_` that ends it. */
export const metricPrefixKind: ValueKind<string> = pattern(
  "1 to 62 lower-case letters, digits and underscores that start with a letter",
  (text) => {
    const name = text.endsWith("_") ? text.slice(0, -1) : text;
    return /^[a-z][a-z0-9_]{0,61}$/.test(name) ? `${name}_` : undefined;
  },
);
