import { describe, expect, test } from "vitest";
import { openRecordings } from "../market/recording.ts";
import { haveRecordedData, RECORDED_FILES } from "../market/testing/recorded-data.ts";
import { createClockEstimator } from "./clock-estimator.ts";

const START = 1_700_000_000_000;

/** Messages every 10 ms for a while, through a clock that is off by `offsetMs`, with delays that vary around their floor. */
function feed(
  estimator: ReturnType<typeof createClockEstimator>,
  offsetMs: number,
  floorMs: number,
  forMs = 60_000,
): void {
  for (let ms = 0; ms < forMs; ms += 10) {
    const delayMs = floorMs + ((ms * 7) % 40) * ((ms * 13) % 3);
    estimator.addSample(START + ms, START + ms + delayMs + offsetMs);
  }
}

describe("the clock estimate", () => {
  test("does not exist before the first event time", () => {
    const estimator = createClockEstimator();
    estimator.addSample(undefined, START);
    estimator.addSample(Number.NaN, START);
    expect(estimator.estimate()).toBeUndefined();
    expect(estimator.correctedLagMs(START, START)).toBeUndefined();
  });

  test.each([-1_250, -3, 0, 4, 900])("finds an offset of %d ms within its uncertainty", (offsetMs) => {
    const estimator = createClockEstimator();
    feed(estimator, offsetMs, 6);
    const estimate = estimator.estimate();
    expect(Math.abs((estimate?.offsetMs ?? Number.NaN) - offsetMs)).toBeLessThanOrEqual(estimate?.uncertaintyMs ?? 0);
    expect(estimate?.samples).toBe(6_000);
  });

  test("narrows the uncertainty by the shortest round trip, and says so", () => {
    const estimator = createClockEstimator();
    feed(estimator, -1_250, 6);
    const assumed = estimator.estimate();
    estimator.addRoundTrip(40);
    estimator.addRoundTrip(14);
    estimator.addRoundTrip(25);
    const measured = estimator.estimate();
    expect(assumed?.source).toBe("event_time");
    expect(measured?.source).toBe("event_time_and_round_trip");
    expect(measured?.uncertaintyMs).toBeLessThan(assumed?.uncertaintyMs ?? 0);
    expect(measured?.offsetMs).toBe(-1_251);
    expect(Math.abs((measured?.offsetMs ?? Number.NaN) + 1_250)).toBeLessThanOrEqual(measured?.uncertaintyMs ?? 0);
  });

  test("counts messages that seem to arrive before they were sent, and clips none", () => {
    const estimator = createClockEstimator();
    estimator.addSample(START, START - 20);
    estimator.addSample(START, START + 5);
    expect(estimator.estimate()?.negativeLagCount).toBe(1);
    expect(estimator.estimate()?.offsetMs).toBe(-20);
    expect(estimator.correctedLagMs(START, START - 30)).toBe(-10);
  });

  test("sets a window aside that one corrupt event time has spoilt", () => {
    const estimator = createClockEstimator({ windowMs: 1_000 });
    feed(estimator, -1_250, 6, 5_000);
    estimator.addSample(START + 3_600_000, START + 5_000 - 1_250);
    feed(estimator, -1_250, 6, 5_000);
    expect(estimator.estimate()?.offsetMs).toBe(-1_244);
  });

  test("follows a clock that drifts, forgetting old windows", () => {
    const estimator = createClockEstimator({ windowMs: 1_000, windows: 5 });
    for (let ms = 0; ms < 100_000; ms += 10) estimator.addSample(START + ms, START + ms + 5 - ms / 1_000);
    const estimate = estimator.estimate();
    expect(estimate?.offsetMs).toBeCloseTo(5 - 99.99, 3);
    expect(estimate?.uncertaintyMs).toBeGreaterThan(50);
  });

  test("refuses lengths that are not positive", () => {
    expect(() => createClockEstimator({ windowMs: 0 })).toThrow(/windowMs must be a positive number .* got 0/);
  });
});

describe.skipIf(!haveRecordedData())("the clock estimate of the recordings", () => {
  test.each(["spot", "usdm"] as const)(
    "finds the %s recorder 1.25 s behind the exchange, within its own error bar",
    async (market) => {
      const estimator = createClockEstimator();
      const recordings = await openRecordings(RECORDED_FILES.filter((file) => file.includes(`-${market}-`)));
      let withEventTime = 0;
      let behind = 0;
      for await (const line of recordings.lines()) {
        if (line.kind !== "stream") continue;
        const receivedMs = Number(line.receivedNs / 1_000n) / 1_000;
        const { eventTimeMs } = line.frame;
        if (eventTimeMs !== undefined) withEventTime++;
        if (eventTimeMs !== undefined && receivedMs < eventTimeMs) behind++;
        estimator.addSample(eventTimeMs, receivedMs);
      }
      const estimate = estimator.estimate();
      expect(estimate?.samples).toBe(withEventTime);
      expect(estimate?.negativeLagCount).toBe(behind);
      expect(behind).toBe(withEventTime);
      expect(estimate?.source).toBe("event_time");
      const { offsetMs = 0, uncertaintyMs = 0 } = estimate ?? {};
      expect(Math.abs(offsetMs + 1_250)).toBeLessThanOrEqual(uncertaintyMs);
      expect(uncertaintyMs).toBeLessThan(100);
      // Taken out, the delay of a message is what a delay can be.
      expect(offsetMs).toBeLessThan(-1_270);
      expect(offsetMs).toBeGreaterThan(-1_280);
    },
    60_000,
  );
});
