import { expect, test } from "vitest";
import { bareAddress, isLoopback, parseAllowedHost, parseHost } from "./host-names.ts";

test.each([
  ["localhost", { name: "localhost", port: undefined }],
  ["LocalHost:8790", { name: "localhost", port: 8790 }],
  ["127.0.0.1:80", { name: "127.0.0.1", port: 80 }],
  ["[::1]:8790", { name: "[::1]", port: 8790 }],
  ["[0:0:0:0:0:0:0:1]", { name: "[::1]", port: undefined }],
  ["desk_1.example-a.com", { name: "desk_1.example-a.com", port: undefined }],
])("%s is a host", (text, host) => {
  expect(parseHost(text)).toEqual(host);
});

test.each([
  "",
  " ",
  "a b",
  "a/b",
  "user@a",
  "a:b",
  "a:",
  "a:70000",
  "a:-1",
  "[::1",
  "::1",
  "[g::1]",
  "a,b",
  "http://a",
  "a:*",
  ".a",
  "-a",
  "a\0",
  "ä.example.com",
  "x".repeat(300),
])("%j is none", (text) => {
  expect(parseHost(text)).toBeUndefined();
});

test("an allowed host may have any port", () => {
  expect(parseAllowedHost("a.example.com:*")).toEqual({ name: "a.example.com", port: "any" });
  expect(parseAllowedHost("*")).toBeUndefined();
});

test("only names and addresses of this machine itself are loopback", () => {
  for (const host of ["localhost", "127.0.0.1", "127.1.2.3", "::1", "[::1]", "::ffff:127.0.0.1"])
    expect([host, isLoopback(host)]).toEqual([host, true]);
  for (const host of [
    "localhost.evil.com",
    "127.0.0.1.nip.io",
    "127.evil",
    "0.0.0.0",
    "::",
    "10.0.0.1",
    "::ffff:10.0.0.1",
    "1270.0.0.1",
  ])
    expect([host, isLoopback(host)]).toEqual([host, false]);
  expect(bareAddress("[fe80::1%eth0]")).toBe("fe80::1");
});
