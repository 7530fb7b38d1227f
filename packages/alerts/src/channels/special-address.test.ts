import { describe, expect, it } from "vitest";
import { specialAddress } from "./special-address.ts";

describe("special addresses", () => {
  it.each([
    ["127.0.0.1", "loopback"],
    ["127.255.255.254", "loopback"],
    ["0.0.0.0", "this network"],
    ["10.1.2.3", "private"],
    ["172.16.0.1", "private"],
    ["172.31.255.255", "private"],
    ["192.168.1.1", "private"],
    ["169.254.169.254", "link-local"],
    ["100.100.100.200", "shared"],
    ["168.63.129.16", "metadata"],
    ["192.0.2.1", "documentation"],
    ["198.18.0.1", "benchmarks"],
    ["224.0.0.1", "multicast"],
    ["255.255.255.255", "reserved"],
    ["::1", "loopback"],
    ["::", "this network"],
    ["::ffff:127.0.0.1", "loopback"],
    ["::ffff:7f00:1", "loopback"],
    ["::ffff:0:1", "this network"],
    ["0:0:0:0:0:ffff:a9fe:a9fe", "link-local"],
    ["64:ff9b::a00:1", "private"],
    ["64:ff9b::1", "this network"],
    ["64:ff9b:1::a00:1", "reserved"],
    ["::127.0.0.1", "reserved"],
    ["fd00:ec2::254", "private"],
    ["fe80::1", "link-local"],
    ["fe80::1%lo", "no address of the internet"],
    ["fec0::1", "reserved"],
    ["ff02::1", "multicast"],
    ["2001::1", "reserved"],
    ["2001:db8::1", "documentation"],
    ["2002:7f00:1::", "IPv4 address inside"],
    ["3fff::1", "documentation"],
    ["localhost", "no address of the internet"],
    ["", "no address of the internet"],
  ])("%s is %s", (address, what) => {
    expect(specialAddress(address)).toContain(what);
  });

  it.each(["8.8.8.8", "172.15.255.255", "172.32.0.1", "100.63.255.255", "100.128.0.1", "1.1.1.1", "169.253.255.255"])(
    "%s is on the internet",
    (address) => {
      expect(specialAddress(address)).toBeUndefined();
    },
  );

  it.each(["2606:4700:4700::1111", "2a00:1450:4001:82a::200e", "::ffff:8.8.8.8", "64:ff9b::808:808"])(
    "%s is on the internet",
    (address) => {
      expect(specialAddress(address)).toBeUndefined();
    },
  );
});
