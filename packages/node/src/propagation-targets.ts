// Decides which hosts may see trace headers: the user's own, never an exchange. Decided without DNS.

/** Tells whether trace headers may go to a host. */
export type PropagationRule = (host: string) => boolean;

/** A DNS name has at most 253 characters, and a port adds six. */
const MAX_UNITS = 260;
const PRIVATE_SUFFIXES = [".internal", ".local", ".svc", ".cluster.local", ".localhost"];

/**
 * Makes the rule: loopback and private addresses, `localhost`, single-label names, `*.internal`, `*.local`, `*.svc`,
 * `*.cluster.local`, and the listed names (`*` stands for any run of characters; `host` or `host:port`).
 */
export function createPropagationRule(listed: readonly string[]): PropagationRule {
  const globs = listed
    .map((entry) => entry.trim().toLowerCase())
    .filter((glob) => glob !== "" && glob.length <= MAX_UNITS);
  return (given) => {
    if (given.length > MAX_UNITS) return false;
    const host = given.trim().toLowerCase();
    const name = hostName(host);
    if (name === "") return false;
    if (isOwnAddress(name)) return true;
    const spellings = [host, name, `[${name}]`];
    return globs.some((glob) => spellings.some((spelling) => matchesGlob(glob, spelling)));
  };
}

/** `[::1]:80` and `host:80` to the name alone; a trailing dot (the DNS root) is dropped. */
function hostName(host: string): string {
  const bracket = /^\[([^\]]*)\](?::\d*)?$/.exec(host);
  if (bracket !== null) return bracket[1] ?? "";
  const colons = host.split(":").length - 1;
  const name = colons === 1 ? host.slice(0, host.indexOf(":")) : host;
  return name.endsWith(".") ? name.slice(0, -1) : name;
}

function isOwnAddress(name: string): boolean {
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(name)) return isPrivateIpv4(name);
  if (name.includes(":")) return isPrivateIpv6(name);
  // A number without dots is an address in disguise (2130706433), not a name of the local network.
  if (/^(0x[0-9a-f]*|\d+)$/.test(name)) return false;
  if (!/^[a-z0-9_.-]+$/.test(name)) return false;
  if (!name.includes(".")) return true;
  return PRIVATE_SUFFIXES.some((suffix) => name.endsWith(suffix) && name.length > suffix.length);
}

/** RFC 1918, RFC 1122 (loopback), RFC 3927 (link-local), RFC 6598 (shared) address space. */
function isPrivateIpv4(address: string): boolean {
  const texts = address.split(".");
  const parts = texts.map(Number);
  const [a, b] = parts as [number, number];
  // A leading zero is octal to resolvers: 010.0.0.1 is 8.0.0.1, somebody else's.
  if (texts.some((text) => text.length > 1 && text.startsWith("0")) || parts.some((part) => part > 255)) return false;
  if (a === 10 || a === 127) return true;
  if (a === 172) return b >= 16 && b <= 31;
  if (a === 192) return b === 168;
  if (a === 169) return b === 254;
  return a === 100 && b >= 64 && b <= 127;
}

/** RFC 4291 (loopback, link-local), RFC 4193 (unique local); IPv4-mapped addresses by their IPv4 part. */
function isPrivateIpv6(given: string): boolean {
  const address = shortIpv6(given);
  if (address === undefined) return false;
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(address);
  if (mapped !== null) {
    const [high, low] = [Number.parseInt(mapped[1] ?? "", 16), Number.parseInt(mapped[2] ?? "", 16)];
    return isPrivateIpv4(`${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`);
  }
  return address === "::1" || /^f[cd][0-9a-f]{2}:/.test(address) || /^fe[89ab][0-9a-f]:/.test(address);
}

/** The one spelling that the URL standard has for an IPv6 address, without its zone; undefined for what is none. */
function shortIpv6(address: string): string | undefined {
  const url = `http://[${address.split("%", 1)[0]}]/`;
  return URL.canParse(url) ? new URL(url).hostname.slice(1, -1) : undefined;
}

/** Whether a text matches a glob: `*` stands for any run of characters but `/`. Linear in practice: only the last star moves. */
function matchesGlob(glob: string, text: string): boolean {
  let at = 0;
  let star = -1;
  let resume = 0;
  for (let i = 0; i < text.length; ) {
    if (glob[at] === "*") {
      star = at++;
      resume = i;
    } else if (glob[at] === text[i]) {
      at++;
      i++;
    } else if (star >= 0 && text[resume] !== "/") {
      at = star + 1;
      i = ++resume;
    } else return false;
  }
  while (glob[at] === "*") at++;
  return at === glob.length;
}
