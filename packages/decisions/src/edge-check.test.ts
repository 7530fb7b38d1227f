// Checking records: what holds passes, and every kind of wrong is named.
import { describe, expect, it } from "vitest";
import { checkEdge } from "./edge-check.ts";

const GOOD = {
  strategy: "basis",
  decision: "REJECT",
  reason_code: "insufficient_edge",
  reason: "net edge 1.20 bps is below the threshold of 1.50 bps",
  edge_unit: "bps",
  gross_edge: "4.10",
  fees_est: "2.00",
  slippage_est: "0.60",
  gas_est: "0",
  latency_buffer: "0.30",
  net_edge: "1.20",
  min_threshold: "1.50",
};

describe("checkEdge", () => {
  it.each([
    ["the design's example", GOOD],
    ["net written with other places", { ...GOOD, net_edge: "1.2" }],
    ["exponents of another writer", { ...GOOD, gross_edge: "41e-1" }],
    ["costs that are not there", { gross_edge: "1", net_edge: "1" }],
    ["an ACCEPT at the threshold", { ...GOOD, decision: "ACCEPT", reason_code: "accepted", min_threshold: "1.200" }],
    ["a REJECT above the threshold for another reason", { ...GOOD, reason_code: "position_limit", min_threshold: "1" }],
    ["a record without an edge", { decision: "REJECT", reason_code: "invalid_edge", raw_input: "{}" }],
    ["an ACCEPT whose gates passed", { decision: "ACCEPT", gates: [{ gate_name: "a", passed: true }] }],
    ["a signal that has a gross edge only", { gross_edge: 4 }],
  ])("passes %s", (_, data) => {
    expect(checkEdge(data)).toBeUndefined();
  });

  it.each([
    ["wrong arithmetic", { ...GOOD, net_edge: "1.21" }, "net_edge: 1.21 is not gross_edge less costs, which is 1.20"],
    ["arithmetic wrong by 1e-18", { ...GOOD, net_edge: "1.200000000000000001" }, "which is 1.20"],
    [
      "an ACCEPT below the threshold",
      { ...GOOD, decision: "ACCEPT", reason_code: "accepted" },
      "ACCEPT below the threshold",
    ],
    ["an insufficient edge that suffices", { ...GOOD, min_threshold: "1.2" }, "although the threshold is reached"],
    [
      "an insufficient edge at no threshold",
      { gross_edge: "1", net_edge: "1", reason_code: "insufficient_edge" },
      "although",
    ],
    ["an amount as a number", { ...GOOD, gross_edge: 4.1 }, "gross_edge: 4.1 is not a string"],
    ["a cost as null", { ...GOOD, gas_est: null }, "gas_est: null is not a string"],
    [
      "a malformed amount",
      { ...GOOD, fees_est: "2,00" },
      'fees_est: "2,00" is not a decimal: unexpected "," at character 2',
    ],
    ["a malformed threshold", { ...GOOD, min_threshold: "NaN" }, 'min_threshold: "NaN" is not a decimal'],
    [
      "an ACCEPT with a failed gate",
      { decision: "ACCEPT", gates: [{ gate_name: "a", passed: false }] },
      'gate "a" did not pass',
    ],
    ["data that is no object", "text", "is not a record's data"],
    ["data that is null", null, "is not a record's data"],
  ])("names %s", (_, data, problem) => {
    expect(checkEdge(data as Record<string, unknown>)).toContain(problem);
  });

  it("never throws on hostile data", () => {
    const hostile = new Proxy(
      {},
      {
        get() {
          throw new Error("no");
        },
      },
    );
    expect(checkEdge(hostile)).toBe('the record could not be read: "no"');
    expect(checkEdge({ gross_edge: "1e999999999", net_edge: "1" })).toContain("out of range");
  });
});
