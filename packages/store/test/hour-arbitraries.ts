// Random points of metrics over a few hours for tests: of few series, so that minutes are replaced, come twice, and share a summary.
import fc from "fast-check";
import type { MetricPointInput } from "../src/store-input.ts";
import { createHistogram, createNumber } from "./store-points.ts";

/** Quarters: their sums are exact. */
const quarter = fc.integer({ min: -400, max: 4_000 }).map((value) => value / 4);
/** After noon: parts of a minute, over three hours. */
const minute = fc.integer({ min: -240, max: 480 }).map((value) => value / 4);
const source = fc.constantFrom(
  { serviceName: "bot", instanceId: "i-1" },
  { serviceName: "bot", instanceId: "i-2" },
  { serviceName: "", instanceId: "i-3" },
);
const labels = fc.constantFrom<Record<string, string>>({}, { symbol: "BTC/USDT" });

const level = fc
  .tuple(minute, quarter, source, labels)
  .map(([at, value, from, of]) =>
    createNumber(at, value, { source: from, labels: of, name: "depth", type: "gauge", isMonotonic: false }),
  );
const count = fc
  .tuple(minute, quarter.map(Math.abs), source, labels)
  .map(([at, value, from, of]) => createNumber(at, value, { source: from, labels: of }));
const histogram = fc
  .tuple(minute, fc.array(fc.nat({ max: 5 }), { minLength: 3, maxLength: 3 }), quarter.map(Math.abs), source)
  .map(([at, bucketCounts, sum, from]) =>
    createHistogram(at, { source: from, bucketCounts, count: bucketCounts.reduce((all, one) => all + one, 0), sum }),
  );

/** Requests of points, in the order in which they come. */
export const pointRequests: fc.Arbitrary<MetricPointInput[][]> = fc.array(
  fc.array(fc.oneof(level, count, histogram), { maxLength: 12 }),
  { maxLength: 8 },
);
