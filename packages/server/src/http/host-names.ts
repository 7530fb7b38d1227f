// Names of hosts: what a Host header says, which of them mean this machine, and which a desk answers to.
import { isIPv4, isIPv6 } from "node:net";

/** A host as a header or an option names it; in lower case, an IPv6 address in brackets and in its shortest form. */
export interface HostName {
  readonly name: string;
  /** Undefined: none was named. */
  readonly port: number | "any" | undefined;
}

const HOST = /^(\[[0-9a-f:.]{2,45}\]|[a-z0-9](?:[a-z0-9._-]{0,252}))(?::(\d{1,5}|\*))?$/i;

/** Reads `name`, `name:port` or `[::1]:port`; undefined for anything else, `user@host` and `host/path` included. */
export function parseHost(text: string): HostName | undefined {
  const [match, host, port] = HOST.exec(text) ?? [];
  if (match === undefined || host === undefined || port === "*") return undefined;
  return toHostName(host, port === undefined ? undefined : Number(port));
}

/** Reads what an option allows: the same, and `name:*` for any port. */
export function parseAllowedHost(text: string): HostName | undefined {
  const [match, host, port] = HOST.exec(text) ?? [];
  if (match === undefined || host === undefined) return undefined;
  return toHostName(host, port === undefined ? undefined : port === "*" ? "any" : Number(port));
}

/** Whether a name or address means this machine itself, whoever asks. `localhost.example.com` does not. */
export function isLoopback(host: string): boolean {
  const address = bareAddress(host);
  if (address === "localhost" || address === "::1") return true;
  return isIPv4(address) && address.startsWith("127.");
}

/** Whether a text can be listened on: a name or an address, without a port. */
export function isListenHost(text: string): boolean {
  return isIPv6(text) || isIPv4(text) || (/^[a-z0-9](?:[a-z0-9.-]{0,252})$/i.test(text) && !/^[\d.]+$/.test(text));
}

/** An address without brackets, and IPv4 within IPv6 as IPv4. */
export function bareAddress(host: string): string {
  const bare = host
    .toLowerCase()
    .replace(/^\[(.*)\]$/, "$1")
    .replace(/%.*$/, "");
  return bare.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/, "");
}

/** A host as it stands in a URL. */
export function inUrl(host: string): string {
  return isIPv6(host) ? `[${host}]` : host;
}

function toHostName(host: string, port: number | "any" | undefined): HostName | undefined {
  if (typeof port === "number" && port > 65_535) return undefined;
  if (!host.startsWith("[")) return { name: host.toLowerCase(), port };
  if (!isIPv6(host.slice(1, -1))) return undefined;
  return { name: new URL(`http://${host}/`).hostname, port };
}
