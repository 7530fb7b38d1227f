import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { backoffMs } from "./backoff.ts";
import { createRateLimit } from "./rate-limit.ts";

describe("back-off", () => {
  it("lies between half of the doubled wait and all of it, at most ten minutes, never before what was asked for", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10_000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ min: 0, max: 900_000 }),
        (attempts, random, retryAfterMs) => {
          const full = Math.min(5_000 * 2 ** (attempts - 1), 600_000);
          const waitMs = backoffMs(attempts, () => random, retryAfterMs);
          expect(waitMs).toBeGreaterThanOrEqual(Math.max(full / 2 - 1, retryAfterMs));
          expect(waitMs).toBeLessThanOrEqual(Math.max(full, retryAfterMs));
        },
      ),
    );
  });
});

describe("the rate limit", () => {
  it("lets no more than its number and what a time refills through, and what waits until it says so", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 300 }),
        fc.array(fc.integer({ min: -5_000, max: 60_000 }), { minLength: 1, maxLength: 50 }),
        (perMinute, steps) => {
          const limit = createRateLimit(perMinute);
          let [nowMs, passedMs, taken] = [0, 0, 0];
          for (const stepMs of steps) {
            nowMs += stepMs;
            passedMs += Math.max(0, stepMs);
            while (limit.available(nowMs) >= 1) {
              limit.take(nowMs);
              taken++;
            }
            expect(taken).toBeLessThanOrEqual(perMinute + (passedMs * perMinute) / 60_000 + 1e-6);
            const nextMs = limit.nextMs(nowMs);
            expect(nextMs).toBeGreaterThan(nowMs);
            passedMs += nextMs - nowMs;
            nowMs = nextMs;
            expect(limit.available(nowMs)).toBeGreaterThanOrEqual(1);
          }
        },
      ),
    );
  });
});
