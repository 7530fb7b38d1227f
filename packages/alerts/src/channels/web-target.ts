// Where an HTTP channel sends to: checked when it is configured, and again, address by address, whenever it connects.
import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { AlertChannelError } from "./errors.ts";
import { specialAddress } from "./special-address.ts";

/** What a destination may be. */
export interface TargetRules {
  /** Allows private, loopback and other special addresses, and any port. Default false. */
  readonly allowPrivateTargets?: boolean | undefined;
  /** Allows http:// besides https://. Default false. */
  readonly allowHttp?: boolean | undefined;
  /** When given, the only hosts allowed: `hooks.example.com`, `*.example.com`. Default: any. */
  readonly allowedHosts?: readonly string[] | undefined;
}

/** An address that a name has. */
export interface ResolvedAddress {
  readonly address: string;
  readonly family: number;
}

/** Finds the addresses of a name. */
export type Resolver = (hostname: string) => Promise<readonly ResolvedAddress[]>;

/** A destination whose URL is in order. */
export interface WebTarget {
  readonly url: URL;
  /** `https://hooks.slack.com/***`: what may be shown. Paths and queries of webhooks are secrets. */
  readonly shown: string;
  /** The addresses to connect to, all of them allowed. Throws an {@link AlertChannelError} when one is not. */
  readonly addresses: () => Promise<readonly ResolvedAddress[]>;
}

/** Finds addresses as the machine does. */
export const systemResolver: Resolver = (hostname) => lookup(hostname, { all: true, verbatim: true });

/**
 * Checks a URL: https, no credentials in it, an allowed host, a usual port, and, when its host is an address, a public one. `2130706433`,
 * `0x7f.1` and `0177.0.0.1` are read as browsers read them: as 127.0.0.1. `place` names the setting in messages.
 */
export function parseWebTarget(
  text: string,
  place: string,
  rules: TargetRules,
  resolver: Resolver = systemResolver,
): WebTarget {
  if (!URL.canParse(text)) throw refuse(place, "is no URL", "give one like https://hooks.example.com/alerts");
  const url = new URL(text);
  if (url.protocol !== "https:" && !(url.protocol === "http:" && rules.allowHttp === true))
    throw refuse(
      place,
      `is a ${url.protocol}// URL`,
      "give an https:// URL, or set `allow_http: true` if nobody can listen in",
    );
  if (url.username !== "" || url.password !== "")
    throw refuse(place, "has credentials in it", "take them out: URLs are logged on their way");
  checkHost(url, place, rules);
  checkPort(url, place, rules);
  const shown = `${url.origin}${url.pathname.length > 1 || url.search !== "" ? "/***" : ""}`;
  const literal = url.hostname.replace(/^\[|\]$/g, "");
  const family = isIP(literal);
  if (family !== 0) checkAddress(literal, url.hostname, place, rules);
  const addresses = async () => {
    const found = family === 0 ? await resolver(url.hostname) : [{ address: literal, family }];
    if (found.length === 0)
      throw refuse(place, `names ${url.hostname}, which has no address`, "check the spelling of the host");
    for (const { address } of found) checkAddress(address, url.hostname, place, rules);
    return found;
  };
  return { url, shown, addresses };
}

function checkHost(url: URL, place: string, { allowedHosts }: TargetRules): void {
  // A name may end in the dot of the DNS root.
  const host = url.hostname.replace(/\.$/, "");
  const isAllowed =
    allowedHosts === undefined ||
    allowedHosts.some((allowed) => {
      const name = allowed.toLowerCase();
      return name.startsWith("*.") ? host.endsWith(name.slice(1)) && host.length >= name.length : host === name;
    });
  if (!isAllowed)
    throw refuse(
      place,
      `leads to ${host}, which is not on the list of allowed hosts`,
      "add the host to `allowed_hosts`, or give another URL",
    );
}

/** Webhooks live at 80, 443 and high ports; below are the ports of other protocols, which a request might be mistaken for. */
function checkPort(url: URL, place: string, { allowPrivateTargets }: TargetRules): void {
  const port = url.port === "" ? 443 : Number(url.port);
  if (allowPrivateTargets === true || port === 80 || port === 443 || port >= 1_024) return;
  throw refuse(
    place,
    `leads to port ${port}`,
    "give a URL at port 443, or at 1024 or higher, or set `allow_private_targets: true`",
  );
}

function checkAddress(address: string, hostname: string, place: string, rules: TargetRules): void {
  if (rules.allowPrivateTargets === true) return;
  const what = specialAddress(address);
  if (what === undefined) return;
  const named = hostname.replace(/^\[|\]$/g, "") === address ? address : `${hostname} (${address})`;
  throw refuse(
    place,
    `leads to ${named}, ${what}`,
    "give a URL on the public internet, or set `allow_private_targets: true` if you mean it",
  );
}

function refuse(place: string, problem: string, remedy: string): AlertChannelError {
  return new AlertChannelError("target_refused", `${place} ${problem}: ${remedy}.`);
}
