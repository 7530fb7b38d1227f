// Which hosts may see trace headers: the table of everything that looks like ours and is not.
import { describe, expect, it } from "vitest";
import { createPropagationRule } from "./propagation-targets.ts";

const OWN = [
  "localhost",
  "LOCALHOST:8080",
  "orders.localhost",
  "127.0.0.1",
  "127.8.9.10:4318",
  "10.0.0.1",
  "172.16.0.1",
  "172.31.255.255",
  "192.168.1.1:80",
  "169.254.169.254",
  "100.64.0.1",
  "100.127.255.255",
  "::1",
  "[::1]",
  "[::1]:8080",
  "0:0:0:0:0:0:0:1",
  "fe80::1%eth0",
  "[fd12:3456::1]:80",
  "[::ffff:10.0.0.1]:80",
  "[::ffff:7f00:1]",
  "redis",
  "order_service:9000",
  "collector.internal",
  "nas.local",
  "NAS.LOCAL.:443",
  "orders.trading.svc",
  "orders.trading.svc.cluster.local:8080",
];

const OTHERS = [
  "",
  " ",
  "api.binance.com",
  "api.exchange.example:443",
  "8.8.8.8",
  "172.15.0.1",
  "172.32.0.1",
  "192.169.0.1",
  "100.63.0.1",
  "100.128.0.1",
  "11.0.0.1",
  "256.0.0.1",
  "127.0.0.1.nip.io",
  "10.0.0.1.evil.example",
  // Addresses in disguise: resolvers read octal, hexadecimal, short and whole-number forms.
  "010.0.0.1",
  "0127.0.0.1",
  "0x7f.0.0.1",
  "0x7f000001",
  "0x",
  "2130706433",
  "127.1",
  "10.1",
  // IPv6 that is not ours.
  "::",
  "[2606:4700:4700::1111]:443",
  "[::ffff:8.8.8.8]",
  "[::ffff:808:808]:443",
  "fec0::1",
  "fe00::1",
  "[::1",
  "::1]",
  "[::1].evil.example",
  "[10.0.0.1]evil.example:80",
  "[not an address]",
  // Names that only contain what ours end in.
  "localhost.evil.example",
  ".internal",
  "collector.internal.evil.example",
  "xinternal.example",
  "mylocal.example",
  "evil.example/.local",
  "user@localhost",
  "user@collector.local",
  "user@10.0.0.1",
  "l\u{1d7f0}calhost.example",
  `${"a.".repeat(200)}local`,
];

describe("without a list", () => {
  const rule = createPropagationRule([]);
  it.each(OWN)("%j is ours", (host) => expect(rule(host)).toBe(true));
  it.each(OTHERS)("%j is not", (host) => expect(rule(host)).toBe(false));
});

describe("a list of globs", () => {
  it.each([
    ["api.partner.example", "api.partner.example", true],
    ["API.Partner.Example", "api.PARTNER.example:443", true],
    ["api.partner.example", "api.partner.example.:443", true],
    ["api.partner.example", "xapi.partner.example", false],
    ["api.partner.example", "api.partner.example.evil.com", false],
    ["api.partner.example", "apixpartner.example", false],
    ["*.partner.example", "a.partner.example", true],
    ["*.partner.example", "a.b.partner.example:8443", true],
    ["*.partner.example", "partner.example", false],
    ["*.partner.example", "evil.com/.partner.example", false],
    ["partner-*.example", "partner-7.example", true],
    ["*", "anything.example", true],
    ["collector.example:4318", "collector.example:4318", true],
    ["collector.example:4318", "collector.example:443", false],
    ["collector.example:*", "collector.example:443", true],
    ["[2001:db8::1]", "[2001:db8::1]:443", true],
    ["[2001:db8::*]", "2001:db8::77", true],
    ["[2001:db8::1]:443", "[2001:db8::1]:443", true],
    ["[2001:db8::1]", "[2001:db8::2]:443", false],
    ["", "anything.example", false],
  ])("%j and %j: %j", (glob, host, allowed) => expect(createPropagationRule([glob])(host)).toBe(allowed));

  it("of many stars does not run away on a long name", () => {
    const rule = createPropagationRule([`${"*a".repeat(60)}b.example`]);
    expect(rule(`${"a".repeat(250)}.example`)).toBe(false);
    expect(rule("a".repeat(1_000_000))).toBe(false);
  });
});
