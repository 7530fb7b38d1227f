// Which names the desk answers to: a page of another site that has its own name point here (DNS rebinding) gets nothing.
import type { Arrival } from "./arrival.ts";
import { bareAddress, type HostName, isLoopback, parseAllowedHost, parseHost } from "./host-names.ts";
import { ProblemError } from "./problem.ts";

/** Who is let in. */
export interface HostRules {
  /** The name that was listened on. */
  readonly boundHost: string;
  readonly allowedHosts: readonly string[];
  /** Whether requests have to bring a token. */
  readonly hasToken: boolean;
}

/** Throws for a request that comes by a name that is not this desk's, or by an address that needs a token while there is none. */
export type HostGuard = (host: string | undefined, arrival: Arrival) => void;

/** Makes the guard. Names are those of this machine itself, the one that was bound, the address that was connected to, and the allowed ones. */
export function createHostGuard({ boundHost, allowedHosts, hasToken }: HostRules): HostGuard {
  const allowed = allowedHosts.map(parseAllowedHost).filter((rule): rule is HostName => rule !== undefined);
  const bound = bareAddress(boundHost);
  return (text, arrival) => {
    requireAddress(arrival, hasToken);
    const host = text === undefined ? undefined : parseHost(text);
    if (host === undefined || !isOwn(host, arrival)) throw refusal(host);
  };

  function isOwn(host: HostName, { localAddress, localPort }: Arrival): boolean {
    if (allowed.some((rule) => allows(rule, host, localPort))) return true;
    const bare = bareAddress(host.name);
    const isNamed =
      isLoopback(host.name) || bare === bound || (localAddress !== undefined && bare === bareAddress(localAddress));
    return isNamed && isPort(host, localPort);
  }
}

/** A port that is not known is the matter of whoever hands over the request. */
function isPort({ port }: HostName, localPort: number | undefined): boolean {
  return localPort === undefined || (port ?? 80) === localPort;
}

/** Without a port a name is allowed by itself, as it stands behind a proxy, and with the desk's own. */
function allows(rule: HostName, host: HostName, localPort: number | undefined): boolean {
  if (rule.name !== host.name) return false;
  if (rule.port === "any" || rule.port === host.port) return true;
  return rule.port === undefined && host.port === localPort;
}

function requireAddress({ localAddress }: Arrival, hasToken: boolean): void {
  if (hasToken) return;
  if (localAddress === undefined)
    throw new ProblemError(
      "host_not_allowed",
      "It cannot be seen by which address this request came, and the desk has no token: give it one, or hand over the connection as the " +
        "second argument of fetch.",
    );
  if (!isLoopback(bareAddress(localAddress)))
    throw new ProblemError(
      "host_not_allowed",
      "This request came by an address that others can reach, and the desk has no token: give it one (TELEMETRY_DESK_TOKEN).",
    );
}

function refusal(host: HostName | undefined): ProblemError {
  const what =
    host === undefined
      ? "The Host header is missing or no name."
      : "The desk is not known by the name in the Host header.";
  return new ProblemError("host_not_allowed", `${what} Allow it by TELEMETRY_DESK_ALLOWED_HOSTS if it is right.`);
}
