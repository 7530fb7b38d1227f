// Which addresses are not on the public internet: what a webhook must not reach unless somebody means it.
import { BlockList, isIPv4, isIPv6 } from "node:net";

/** IANA IPv4 Special-Purpose Address Registry, multicast (RFC 5771), and the address of Azure's host agent. */
const IPV4_RANGES: readonly (readonly [address: string, prefix: number, what: string])[] = [
  ["0.0.0.0", 8, "an address of this network"],
  ["10.0.0.0", 8, "a private address"],
  ["100.64.0.0", 10, "a shared address of a provider's network"],
  ["127.0.0.0", 8, "a loopback address"],
  ["168.63.129.16", 32, "a cloud metadata address"],
  ["169.254.0.0", 16, "a link-local address, where clouds keep their metadata"],
  ["172.16.0.0", 12, "a private address"],
  ["192.0.0.0", 24, "a reserved address"],
  ["192.0.2.0", 24, "an address for documentation"],
  ["192.88.99.0", 24, "a reserved address"],
  ["192.168.0.0", 16, "a private address"],
  ["198.18.0.0", 15, "an address for benchmarks"],
  ["198.51.100.0", 24, "an address for documentation"],
  ["203.0.113.0", 24, "an address for documentation"],
  ["224.0.0.0", 4, "a multicast address"],
  ["240.0.0.0", 4, "a reserved address"],
];

/** IANA IPv6 Special-Purpose Address Registry: what is special inside of 2000::/3, and what has a name outside of it. */
const IPV6_RANGES: readonly (readonly [address: string, prefix: number, what: string])[] = [
  ["::1", 128, "a loopback address"],
  ["::", 128, "an address of this network"],
  ["fc00::", 7, "a private address"],
  ["fe80::", 10, "a link-local address"],
  ["ff00::", 8, "a multicast address"],
  ["2001::", 23, "a reserved address"],
  ["2001:db8::", 32, "an address for documentation"],
  ["2002::", 16, "an IPv4 address inside of an IPv6 address"],
  ["3fff::", 20, "an address for documentation"],
];

/** Says what is special about an address; undefined: it is on the public internet. A text that is no address is special, too. */
export function specialAddress(address: string): string | undefined {
  if (isIPv4(address)) return specialIpv4(address);
  // A zone (`fe80::1%eth0`) belongs to a link of this machine.
  if (!isIPv6(address) || address.includes("%")) return "no address of the internet";
  const inner = innerIpv4(address);
  if (inner !== undefined) return specialIpv4(inner);
  const named = IPV6_RANGES.find((range) => isInRange(address, range, "ipv6"))?.[2];
  // Only 2000::/3 is given out as global unicast (RFC 4291, section 2.4).
  return named ?? (isInRange(address, ["2000::", 3], "ipv6") ? undefined : "a reserved address");
}

function specialIpv4(address: string): string | undefined {
  return IPV4_RANGES.find((range) => isInRange(address, range, "ipv4"))?.[2];
}

function isInRange(
  address: string,
  [base, prefix]: readonly [string, number, ...string[]],
  family: "ipv4" | "ipv6",
): boolean {
  const list = new BlockList();
  list.addSubnet(base, prefix, family);
  return list.check(address, family);
}

/** The IPv4 address in an IPv4-mapped (`::ffff:0:0/96`) or NAT64 (`64:ff9b::/96`, RFC 6052) one: that is where it leads. */
function innerIpv4(address: string): string | undefined {
  // The URL standard has one spelling for an IPv6 address, without dots in it.
  const spelled = new URL(`http://[${address}]/`).hostname.slice(1, -1);
  const match = /^(?:::ffff:|64:ff9b::)(?:([0-9a-f]{1,4}):)?([0-9a-f]{1,4})$/.exec(spelled);
  if (match === null && spelled !== "64:ff9b::") return undefined;
  const high = Number.parseInt(match?.[1] ?? "0", 16);
  const low = Number.parseInt(match?.[2] ?? "0", 16);
  return `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`;
}
