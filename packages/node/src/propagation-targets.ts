// Decides which hosts may see trace headers: the user's own, never an exchange. Decided without DNS.

/** Tells whether trace headers may go to a host. */
export type PropagationRule = (host: string) => boolean;

const PRIVATE_SUFFIXES = [".internal", ".local", ".svc", ".cluster.local", ".localhost"];

/**
 * Makes the rule: loopback and private addresses, `localhost`, single-label names, `*.internal`, `*.local`, `*.svc`,
 * `*.cluster.local`, and the listed names (`*` stands for any run of characters; `host` or `host:port`).
 */
export function createPropagationRule(listed: readonly string[]): PropagationRule {
  const patterns = listed
    .map((entry) => globToRegExp(entry.trim().toLowerCase()))
    .filter((pattern) => pattern !== undefined);
  return (given) => {
    const host = given.trim().toLowerCase();
    const name = hostName(host);
    if (name === "") return false;
    if (isOwnAddress(name)) return true;
    return patterns.some((pattern) => pattern.test(host) || pattern.test(name));
  };
}

/** `[::1]:80` and `host:80` to the name alone; a trailing dot (the DNS root) is dropped. */
function hostName(host: string): string {
  const bracket = /^\[([^\]]*)\]/.exec(host);
  if (bracket !== null) return bracket[1] ?? "";
  const colons = host.split(":").length - 1;
  const name = colons === 1 ? host.slice(0, host.indexOf(":")) : host;
  return name.endsWith(".") ? name.slice(0, -1) : name;
}

function isOwnAddress(name: string): boolean {
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(name)) return isPrivateIpv4(name);
  if (name.includes(":")) return isPrivateIpv6(name);
  // A number without dots is an address in disguise (2130706433), not a name of the local network.
  if (/^(0x[0-9a-f]+|\d+)$/.test(name)) return false;
  if (!name.includes(".")) return /^[a-z0-9_-]+$/.test(name);
  return PRIVATE_SUFFIXES.some((suffix) => name.endsWith(suffix));
}

/** RFC 1918, RFC 1122 (loopback), RFC 3927 (link-local), RFC 6598 (shared) address space. */
function isPrivateIpv4(address: string): boolean {
  const parts = address.split(".").map(Number);
  const [a, b] = parts as [number, number];
  if (parts.some((part) => part > 255)) return false;
  if (a === 10 || a === 127) return true;
  if (a === 172) return b >= 16 && b <= 31;
  if (a === 192) return b === 168;
  if (a === 169) return b === 254;
  return a === 100 && b >= 64 && b <= 127;
}

/** RFC 4291 (loopback, link-local), RFC 4193 (unique local); IPv4-mapped addresses by their IPv4 part. */
function isPrivateIpv6(address: string): boolean {
  const mapped = /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/.exec(address);
  if (mapped !== null) return isPrivateIpv4(mapped[1] ?? "");
  return address === "::1" || /^f[cd][0-9a-f]{2}:/.test(address) || /^fe[89ab][0-9a-f]:/.test(address);
}

/** Linear: each `*` becomes a lazy run of anything within a bounded name. */
function globToRegExp(glob: string): RegExp | undefined {
  if (glob === "" || glob.length > 255) return undefined;
  const source = glob.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replace(/\*+/g, "[^/]*");
  return new RegExp(`^${source}$`);
}
