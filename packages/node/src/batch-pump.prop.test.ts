// Invariants of the pump: nothing is lost in silence, whatever the exporter does, and what waits leaves by itself.
import { type ExportResult, ExportResultCode } from "@opentelemetry/core";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type BatchPump, createBatchPump } from "./batch-pump.ts";

const OUTCOMES = ["ok", "503", "500", "413", "302", "no code", "throws", "hangs", "twice"] as const;
type Outcome = (typeof OUTCOMES)[number];

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setImmediate", "clearImmediate", "performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** An exporter that behaves as told, export by export, and well afterwards. */
function scripted(outcomes: readonly Outcome[], weigh?: (item: number) => number) {
  const acknowledged: number[] = [];
  const drops = { count: 0 };
  let items = 0;
  let accepted = 0;
  let exports = 0;
  const pump: BatchPump<number> = createBatchPump<number>({
    weigh,
    maxQueue: 100,
    batchSize: 16,
    delayMs: 500,
    timeoutMs: 2_000,
    onDrop: (_reason, count) => {
      drops.count += count;
    },
    onFailure: () => {},
    exportBatch(items, done) {
      const outcome = outcomes[exports++] ?? "ok";
      if (outcome === "throws") throw new Error("exporter threw");
      if (outcome === "hangs") return;
      const succeed = (): void => done({ code: ExportResultCode.SUCCESS });
      if (outcome === "ok" || outcome === "twice") acknowledged.push(...items);
      if (outcome === "ok") return void setTimeout(succeed, 10);
      if (outcome === "twice") {
        succeed();
        return succeed();
      }
      done(failure(outcome));
    },
  });
  const push = (count: number): void => {
    for (let i = 0; i < count; i++) {
      accepted += weigh?.(items) ?? 1;
      pump.push(items++);
    }
  };
  const balance = (): number => accepted - pump.exported - pump.queued - drops.count;
  return { pump, push, balance, acknowledged, drops, accepted: () => accepted };
}

function failure(outcome: Outcome): ExportResult {
  const status = Number(outcome);
  const error = Number.isNaN(status) ? new Error("refused") : Object.assign(new Error("status"), { code: status });
  return { code: ExportResultCode.FAILED, error };
}

const steps = fc.array(
  fc.oneof(
    fc.record({ push: fc.nat({ max: 60 }) }),
    fc.record({ passMs: fc.nat({ max: 4_000 }) }),
    fc.record({ flushMs: fc.nat({ max: 3_000 }) }),
  ),
  { maxLength: 12 },
);
const outcomes = fc.array(fc.constantFrom(...OUTCOMES), { maxLength: 10 });

describe("a pump, whatever its exporter does", () => {
  it("accepted = exported + queued + dropped, after every step and after the close", async () => {
    await fc.assert(
      fc.asyncProperty(steps, outcomes, fc.boolean(), async (plan, script, isWeighed) => {
        const { pump, push, balance } = scripted(script, isWeighed ? (item) => 1 + (item % 40) : undefined);
        for (const step of plan) {
          if ("push" in step) push(step.push);
          else if ("passMs" in step) await vi.advanceTimersByTimeAsync(step.passMs);
          else {
            const flushed = pump.flush(step.flushMs);
            expect(balance()).toBe(0);
            await vi.advanceTimersByTimeAsync(step.flushMs);
            await flushed;
          }
          expect(balance()).toBe(0);
        }
        const closed = pump.close(1_000);
        await vi.advanceTimersByTimeAsync(1_000);
        await closed;
        push(3);
        await vi.advanceTimersByTimeAsync(60_000);
        expect(pump.queued).toBe(0);
        expect(balance()).toBe(0);
      }),
      { numRuns: 300 },
    );
  });

  it("what waits leaves without another push once the exporter is well again, each item once, in order", async () => {
    await fc.assert(
      fc.asyncProperty(steps, outcomes, async (plan, script) => {
        const { pump, push, acknowledged, drops, accepted } = scripted(script);
        for (const step of plan) {
          if ("push" in step) push(step.push);
          else if ("passMs" in step) await vi.advanceTimersByTimeAsync(step.passMs);
          else void pump.flush(step.flushMs);
        }
        // Ten failures in a row back off for 151 s in all; the pump needs nobody to remind it.
        await vi.advanceTimersByTimeAsync(300_000);
        expect(pump.queued).toBe(0);
        expect(acknowledged).toEqual([...acknowledged].sort((a, b) => a - b));
        expect(new Set(acknowledged).size).toBe(acknowledged.length);
        expect(acknowledged.length + drops.count).toBe(accepted());
      }),
      { numRuns: 300 },
    );
  });
});
