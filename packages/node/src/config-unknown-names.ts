// Finds names that nobody reads, and what was probably meant.
import type { ConfigProblem } from "./config-error.ts";
import { quoteText } from "./config-masking.ts";
import type { Environment } from "./config-parsers.ts";

const OWN_PREFIX = "TELEMETRY_";
/** Kubernetes (and Docker links) describe a service called `telemetry...` to every pod by variables of these forms. */
const SERVICE_LINK =
  /_SERVICE_HOST$|_SERVICE_PORT(?:_[A-Z0-9_]+)?$|_PORT_\d+_(?:TCP|UDP|SCTP)(?:_(?:PROTO|PORT|ADDR))?$/;
const LINK_VALUE = /^(?:tcp|udp|sctp):\/\//;

/** Variables of the desk, which may run in the same process or share its environment; its own package reads and checks them. */
const DESK_VARIABLE =
  /^TELEMETRY_(?:DESK_[A-Z_]+|STORE_(?:PATH|USER|PASSWORD)|(?:EVENTS|TRACES|METRICS)_RETENTION_DAYS|ALERTS(?:_STORE_PATH)?|ALERT_(?:RULES|NOTIFICATIONS)_FILE)$/;

/** A line for each variable with our prefix that is not in the table. Their values are not shown: they may be secrets. */
export function findUnknownVariables(env: Environment, known: ReadonlySet<string>): ConfigProblem[] {
  const unknown = Object.keys(env).filter((name) => name.startsWith(OWN_PREFIX) && !known.has(name));
  return unknown
    .filter((name) => !DESK_VARIABLE.test(name) && !SERVICE_LINK.test(name) && !LINK_VALUE.test(env[name] ?? ""))
    .map((name) => {
      const nearest = nearestName(name, known);
      const hint = nearest === undefined ? "it is ignored" : `it is ignored; did you mean ${nearest}?`;
      return { variable: name, line: `${quoteText(name).slice(1, -1)} is no variable of Tracebook: ${hint}` };
    });
}

const COMPARED_UNITS = 64;

/** The known name that looks most like `name`, if any does. Cost: some microseconds for each known name. */
export function nearestName(name: string, known: Iterable<string>): string | undefined {
  const core = coreOf(name);
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.floor(core.length * 0.4)) + 1;
  for (const candidate of known) {
    const distance = similarity(core, coreOf(candidate));
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/** What is compared: `TELEMETRY_SERVICE_NAME` and `OTEL_SERVICE_NAME` differ in their prefix only. */
function coreOf(name: string): string {
  return name
    .slice(0, COMPARED_UNITS)
    .toUpperCase()
    .replace(/^(?:TELEMETRY|OTEL)_/, "");
}

/** 0 for equal names; a name that is the end of the other (`HEADERS`, `OTLP_HEADERS`) is one step away. */
function similarity(one: string, other: string): number {
  const [short, long] = one.length < other.length ? [one, other] : [other, one];
  if (short.length >= 4 && short !== long && long.endsWith(`_${short}`)) return 1;
  return editDistance(one, other);
}

/** Insertions, deletions, replacements and swaps of neighbours (optimal string alignment). */
function editDistance(one: string, other: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i++) {
    const row = [i];
    for (let j = 1; j <= other.length; j++) {
      const cost = one[i - 1] === other[j - 1] ? 0 : 1;
      let distance = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + cost);
      const swapped = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      if (swapped) distance = Math.min(distance, (beforeLast[j - 2] ?? 0) + 1);
      row.push(distance);
    }
    [beforeLast, last] = [last, row];
  }
  return last[other.length] ?? 0;
}
