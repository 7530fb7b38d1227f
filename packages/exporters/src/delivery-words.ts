// What may be shown of addresses and of what others say: without secrets, on one line, short.
import { createRedactor } from "@tracebook/core";

const HIDDEN = "***";
const SHOWN_UNITS = 512;
/** Far more than is shown, so that a secret which the cut went through is not. */
const LOOKED_UNITS = 65_536;
/** Shorter texts are no secrets, and taking them out would leave nothing readable. */
const LEAST_SECRET_UNITS = 4;
/** An end of a text that is as long as this and begins a secret is no accident. */
const LEAST_TORN_UNITS = 8;
const KEY_MATERIAL = /[A-Za-z0-9+_=-]{24}|eyJ[A-Za-z0-9_-]{6}/;

const redactor = createRedactor();

/** Makes what takes secrets out of a text: the given ones, their parts, and whatever looks like one; also cuts it to one short line. */
export function createHider(secrets: readonly string[] = []): (text: string, maxUnits?: number) => string {
  const known = [...new Set(secrets.flatMap(partsOf))].sort((a, b) => b.length - a.length);
  return (text, maxUnits = SHOWN_UNITS) => {
    let shown = text.slice(0, LOOKED_UNITS);
    for (const secret of known) shown = hideTorn(shown.replaceAll(secret, HIDDEN), secret);
    return toShortLine(redactor.text(shown), maxUnits);
  };
}

/** A header's value, its words (`Bearer abc`), what is behind `=` in them, and what base64 hides (`Basic dXNlcjpwYXNz`). */
function partsOf(secret: string): string[] {
  if (typeof secret !== "string") return [];
  const words = secret.split(/[\s,;]+/);
  const behind = words.flatMap((word) => (word.includes("=") ? [word.slice(word.indexOf("=") + 1)] : []));
  const decoded = words
    .filter((word) => /^[A-Za-z0-9+/_-]{6,}={0,2}$/.test(word))
    .map((word) => Buffer.from(word, "base64").toString("utf8"))
    .filter((text) => /^[\x20-\x7e]+:[\x20-\x7e]+$/.test(text))
    .flatMap((text) => [text, text.slice(text.indexOf(":") + 1)]);
  const parts = [secret.trim(), ...words, ...behind, ...decoded];
  return parts.filter((part) => part.length >= LEAST_SECRET_UNITS && !/^(?:bearer|basic|token|apikey)$/i.test(part));
}

/** Whoever shortened a text may have cut through a secret: then it ends with the beginning of one. */
function hideTorn(text: string, secret: string): string {
  const end = text.endsWith("...") ? text.length - 3 : text.length;
  for (let units = Math.min(secret.length - 1, end); units >= LEAST_TORN_UNITS; units--) {
    if (text.endsWith(secret.slice(0, units), end)) return `${text.slice(0, end - units)}${HIDDEN}${text.slice(end)}`;
  }
  return text;
}

/** A text on one line, without controls, at most `maxUnits` UTF-16 units long. */
export function toShortLine(text: string, maxUnits = SHOWN_UNITS): string {
  const line = text
    .replace(/[\p{C}\p{Zl}\p{Zp}\s]+/gu, " ")
    .toWellFormed()
    .trim();
  return line.length > maxUnits ? `${line.slice(0, maxUnits - 1).toWellFormed()}…` : line;
}

/** What may be shown of a URL. */
export interface ShownUrl {
  /** `http://127.0.0.1:4318` */
  readonly origin: string;
  /** `127.0.0.1:4318` */
  readonly hostPort: string;
  /** `127.0.0.1` */
  readonly host: string;
  /** `/v1/traces`, masked; empty for the root. */
  readonly path: string;
  /** `http://127.0.0.1:4318/v1/traces`, masked. */
  readonly place: string;
}

/** The parts of a URL that may be shown; `hide` takes known secrets out of its path. A text that is no URL is not shown at all. */
export function showUrl(text: string, hide: (text: string) => string): ShownUrl {
  if (typeof text !== "string" || !/^https?:\/\//i.test(text) || !URL.canParse(text)) {
    const nameless = "the endpoint";
    return { origin: nameless, hostPort: nameless, host: nameless, path: "", place: nameless };
  }
  const url = new URL(text);
  const hostPort = `${url.hostname}:${url.port || (url.protocol === "https:" ? "443" : "80")}`;
  const path = url.pathname === "/" ? "" : hide(url.pathname.split("/").map(maskSegment).join("/"));
  const query = url.search === "" ? "" : "?***";
  return { origin: url.origin, hostPort, host: url.hostname, path, place: `${url.origin}${path}${query}` };
}

function maskSegment(segment: string): string {
  const isKey = KEY_MATERIAL.test(segment) || (segment.length >= 16 && /\d/.test(segment)) || /[@%]/.test(segment);
  return isKey ? HIDDEN : segment;
}

/**
 * What {@link showUrl} does not show of a URL, as it is sent and as it is meant, so that it can be taken out of what a receiver says:
 * credentials, the parts of the path that look like keys, and what is in the query.
 */
export function secretsOfUrl(text: string): string[] {
  if (!URL.canParse(text)) return [];
  const { username, password, pathname, search } = new URL(text);
  const segments = pathname.split("/").filter((segment) => maskSegment(segment) !== segment);
  const values = search.split(/[?&]/).map((pair) => pair.slice(pair.indexOf("=") + 1));
  return [username, password, ...segments, ...values].flatMap(formsOf).filter((part) => part !== "");
}

/** Percent-encoded as it stands, decoded, and encoded again, by whoever quotes it. */
function formsOf(part: string): string[] {
  try {
    const plain = decodeURIComponent(part);
    return [part, plain, plain.replaceAll("+", " "), encodeURIComponent(plain)];
  } catch {
    return [part];
  }
}

/** Milliseconds as people say them: `250 ms`, `5 s`, `3 min`. */
export function showDuration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 120_000) return `${Number((ms / 1_000).toFixed(1))} s`;
  return ms < 7_200_000 ? `${Math.round(ms / 60_000)} min` : `${Math.round(ms / 3_600_000)} h`;
}
