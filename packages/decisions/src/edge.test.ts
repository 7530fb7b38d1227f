// Edges: the worked examples, what may be left out, and errors that name the field.
import { Big } from "big.js";
import { Decimal } from "decimal.js";
import { describe, expect, it } from "vitest";
import { calculateNetEdge, type EdgeInput, edgeBreakdown } from "./edge.ts";
import { TracebookDecisionError } from "./errors.ts";

function errorOf(input: unknown): TracebookDecisionError {
  try {
    edgeBreakdown(input as EdgeInput);
  } catch (thrown) {
    if (thrown instanceof TracebookDecisionError) return thrown;
  }
  throw new Error("no error of the package was thrown");
}

describe("edgeBreakdown", () => {
  it("works out 4.10 - 2.00 - 0.60 - 0 - 0.30 = 1.20 in the names of the record", () => {
    const edge = edgeBreakdown({
      unit: "bps",
      gross: "4.10",
      fees: "2.00",
      slippage: "0.60",
      gas: "0",
      latencyBuffer: "0.30",
      minThreshold: "1.50",
    });
    expect(JSON.stringify(edge)).toBe(
      '{"edge_unit":"bps","gross_edge":"4.10","fees_est":"2.00","slippage_est":"0.60","gas_est":"0",' +
        '"latency_buffer":"0.30","net_edge":"1.20","min_threshold":"1.50"}',
    );
    expect(Object.isFrozen(edge)).toBe(true);
  });

  it("counts costs that are left out as 0, and negative ones as rebates", () => {
    expect(edgeBreakdown({ unit: "USD", gross: "1.5", fees: "-0.25", minThreshold: 0 })).toMatchObject({
      fees_est: "-0.25",
      slippage_est: "0",
      gas_est: "0",
      latency_buffer: "0",
      net_edge: "1.75",
      min_threshold: "0",
    });
  });

  it("takes every kind of decimal in one edge", () => {
    const edge = edgeBreakdown({
      unit: "ETH",
      gross: new Decimal("1.000000000000000001"),
      fees: new Big("0.1"),
      slippage: 0.2,
      gas: 0n,
      latencyBuffer: "1E-18",
      minThreshold: "+0.50",
    });
    expect(edge).toMatchObject({
      latency_buffer: "0.000000000000000001",
      net_edge: "0.700000000000000000",
      min_threshold: "0.50",
    });
  });

  it("stays exact where doubles do not: 2^53 + 1 less 1e-18", () => {
    const edge = edgeBreakdown({ unit: "wei", gross: 9007199254740993n, gas: "1e-18", minThreshold: 1 });
    expect(edge.net_edge).toBe("9007199254740992.999999999999999999");
  });

  it.each([
    [undefined, "edge_unreadable", "edge: undefined is not an object"],
    [null, "edge_unreadable", "edge: null is not an object"],
    ["4.10", "edge_unreadable", 'edge: "4.10" is not an object'],
    [{}, "edge_missing_field", "edge.unit is undefined"],
    [{ unit: "", gross: 1, minThreshold: 1 }, "edge_unit", 'edge.unit: "" is not a unit'],
    [{ unit: "a b", gross: 1, minThreshold: 1 }, "edge_unit", 'edge.unit: "a b" is not a unit'],
    [{ unit: "x".repeat(33), gross: 1, minThreshold: 1 }, "edge_unit", "edge.unit:"],
    [{ unit: 5, gross: 1, minThreshold: 1 }, "edge_unit", "edge.unit: 5 is not a unit"],
    [{ unit: "bps", minThreshold: 1 }, "edge_missing_field", "edge.gross is undefined"],
    [{ unit: "bps", gross: 1 }, "edge_missing_field", "edge.minThreshold is undefined"],
    [{ unit: "bps", gross: "1,0", minThreshold: 1 }, "decimal_malformed", 'edge.gross: "1,0" is not a decimal'],
    [{ unit: "bps", gross: "1", minThreshold: "x" }, "decimal_malformed", 'edge.minThreshold: "x"'],
    [{ unit: "bps", gross: "1", fees: "", minThreshold: 1 }, "decimal_malformed", 'edge.fees: ""'],
    [{ unit: "bps", gross: "1", slippage: Number.NaN, minThreshold: 1 }, "decimal_unusable", "edge.slippage: NaN"],
    [{ unit: "bps", gross: "1", gas: null, minThreshold: 1 }, "decimal_unusable", "edge.gas: null"],
    [
      { unit: "bps", gross: "1", latencyBuffer: [1], minThreshold: 1 },
      "decimal_unusable",
      "edge.latencyBuffer: an array",
    ],
  ])("refuses %j with a code and names the field", (input, code, message) => {
    const error = errorOf(input);
    expect(error.code).toBe(code);
    expect(error.message).toContain(message);
  });

  it("does not take a failed look-up of a cost for a free trade", () => {
    const error = errorOf({ unit: "bps", gross: "1", fees: undefined, minThreshold: 1 });
    expect(error.code).toBe("edge_missing_field");
    expect(error.message).toBe(
      "edge.fees is undefined; give at least unit, gross and minThreshold; costs left out count as 0",
    );
  });

  it("refuses a net edge that a carry led out of the range of decimals", () => {
    const most = "9".repeat(400);
    expect(errorOf({ unit: "wei", gross: most, fees: `-${most}`, minThreshold: 0 }).message).toMatch(/^net edge: "19/);
  });

  it("turns what a getter throws into an error that keeps it as its cause", () => {
    const cause = new Error("lazy");
    const input = {
      unit: "bps",
      minThreshold: 1,
      get gross(): string {
        throw cause;
      },
    };
    const error = errorOf(input);
    expect(error).toMatchObject({ code: "edge_unreadable", cause });
    expect(error.message).toContain('edge: reading it threw "lazy"');
  });

  it("reads each field once", () => {
    const reads: PropertyKey[] = [];
    const input = new Proxy(
      { unit: "bps", gross: "4", fees: "1", slippage: "1", gas: "0", latencyBuffer: "0", minThreshold: "1" },
      {
        get(target, key, receiver) {
          reads.push(key);
          return Reflect.get(target, key, receiver);
        },
      },
    );
    expect(edgeBreakdown(input).net_edge).toBe("2");
    expect(reads.toSorted()).toEqual(Object.keys(input).toSorted());
  });
});

describe("calculateNetEdge", () => {
  it("100.0 - 2.0 - 1.0 - 0.5 - 0.3 = 96.2", () => {
    const costs = { gross: "100.0", fees: "2.0", slippage: "1.0", gas: "0.5", latencyBuffer: "0.3" };
    expect(calculateNetEdge(costs)).toBe("96.2");
  });

  it("needs nothing but the gross edge", () => {
    expect(calculateNetEdge({ gross: 0.1 })).toBe("0.1");
    expect(() => calculateNetEdge({} as { gross: string })).toThrow("edge.gross is undefined");
  });
});
