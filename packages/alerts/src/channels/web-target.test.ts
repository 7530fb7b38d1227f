import { describe, expect, it } from "vitest";
import { parseWebTarget, type TargetRules } from "./web-target.ts";

const parse = (url: string, rules: TargetRules = {}) =>
  parseWebTarget(url, "The URL", rules, async () => [{ address: "93.184.216.34", family: 4 }]);

describe("targets of webhooks", () => {
  it.each([
    ["https://2130706433/", "127.0.0.1"],
    ["https://0x7f.1/", "127.0.0.1"],
    ["https://0177.0.0.1/", "127.0.0.1"],
    ["https://127.1/", "127.0.0.1"],
    ["https://[::ffff:169.254.169.254]/latest", "link-local"],
    ["https://[::1]:8443/", "loopback"],
    ["https://①②⑦.0.0.1/", "127.0.0.1"],
    ["https://0/", "0.0.0.0"],
  ])("%s is refused, with the remedy", (url, what) => {
    expect(() => parse(url)).toThrow(what);
    expect(() => parse(url)).toThrow("allow_private_targets");
    expect(() => parse(url, { allowPrivateTargets: true })).not.toThrow();
  });

  it.each([
    ["http://hooks.example.com/", "allow_http"],
    ["ftp://hooks.example.com/", "https://"],
    ["file:///etc/passwd", "https://"],
    ["https://user:hunter22@hooks.example.com/", "credentials"],
    ["https://hooks.example.com:22/", "port 22"],
    ["https://hooks.example.com:25/", "port 25"],
    ["hooks.example.com", "no URL"],
    ["https://", "no URL"],
    ["https://a b/", "no URL"],
  ])("%s is refused", (url, what) => {
    expect(() => parse(url)).toThrow(what);
  });

  it("never shows the path, query or credentials of a URL", () => {
    expect(parse("https://hooks.example.com/secret?token=hunter22").shown).toBe("https://hooks.example.com/***");
    expect(() => parse("https://u:hunter22@hooks.example.com/")).not.toThrow("hunter22");
  });

  it("keeps to the list of allowed hosts where there is one", () => {
    const rules = { allowedHosts: ["hooks.example.com", "*.Internal.example.org"] };
    expect(() => parse("https://hooks.example.com./x", rules)).not.toThrow();
    expect(() => parse("https://a.internal.example.org/x", rules)).not.toThrow();
    for (const host of [
      "example.com",
      "internal.example.org",
      "evilinternal.example.org",
      "hooks.example.com.evil.net",
    ])
      expect(() => parse(`https://${host}/x`, rules)).toThrow("allowed_hosts");
  });

  it("checks every address that a name has, each time it is looked up", async () => {
    let addresses = [{ address: "93.184.216.34", family: 4 }];
    const target = parseWebTarget("https://rebind.example.com/", "The URL", {}, async () => addresses);
    await expect(target.addresses()).resolves.toEqual(addresses);
    addresses = [...addresses, { address: "10.0.0.5", family: 4 }];
    await expect(target.addresses()).rejects.toThrow("rebind.example.com (10.0.0.5), a private address");
    addresses = [];
    await expect(target.addresses()).rejects.toThrow("no address");
  });
});
