// Near misses: of the edge, of one gate, and what is none.
import { describe, expect, it } from "vitest";
import { recordOf } from "../test/judge-inputs.ts";
import { nearMiss } from "./near-miss.ts";

const EDGE = { unit: "bps", gross: "1.40", minThreshold: "1.50" } as const;

describe("nearMiss", () => {
  it("tells the margin of an edge exactly and its percentage rounded up", () => {
    const record = recordOf({ edge: EDGE });
    expect(nearMiss(record, "7")).toEqual({ gate: "edge", edge_unit: "bps", margin: "-0.10", percent: "6.67" });
    expect(nearMiss(record, "6.66")).toBeUndefined();
  });

  it.each([
    [">=", "69", "70", "-1", "1.43"],
    [">", "70", "70", "0", "0.00"],
    ["<=", "10.5", "10", "-0.5", "5.00"],
    ["<", "10", "10", "0", "0.00"],
  ] as const)("tells of a gate that needs %s", (comparison, score, threshold, margin, percent) => {
    const gate = { name: "g", score, threshold, comparison };
    expect(nearMiss(recordOf({ gates: [gate] }), "5")).toEqual({ gate: "g", edge_unit: undefined, margin, percent });
    expect(nearMiss(recordOf({ gates: [gate] }), "0")).toBeUndefined();
  });

  it.each([
    ["an ACCEPT", { edge: { ...EDGE, minThreshold: "1" } }],
    ["two gates that failed", { gates: ["a", "b"].map((name) => ({ name, score: 69, threshold: 70 })) }],
    ["a gate and the edge", { edge: EDGE, gates: [{ name: "a", score: 69, threshold: 70 }] }],
    ["a result of the host's own", { gates: [{ name: "a", passed: false }] }],
    ["a veto", { edge: { ...EDGE, minThreshold: "1" }, vetoes: [{ code: "halted" as const }] }],
    ["a threshold of 0", { edge: { ...EDGE, gross: "-0.01", minThreshold: "0" } }],
  ])("is none: %s", (_, input) => {
    expect(nearMiss(recordOf(input), "100")).toBeUndefined();
  });

  it("is none where the record cannot be read", () => {
    expect(nearMiss({ ...recordOf({ edge: EDGE }), net_edge: "x" }, "100")).toBeUndefined();
  });

  it.each(["-1", "x", ""])("throws for %j percent", (percent) => {
    expect(() => nearMiss(recordOf({ edge: EDGE }), percent)).toThrow("withinPercent");
  });
});
