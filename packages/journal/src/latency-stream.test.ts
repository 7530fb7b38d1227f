import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { EndedFlow } from "@tracebook/core/extension";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { linesOf, openJournal } from "../test/records.ts";
import { MAX_WAITING_BYTES } from "./latency-stream.ts";

const KIND = {
  name: "tick",
  index: 0,
  stages: ["ws_to_book_update", "book_to_signal", "signal_to_risk", "risk_to_send"],
};

/** A flow with marks at the given milliseconds after its start; `stages` defaults to the stages in their order. */
function flowWith(marks: readonly number[], fields: Partial<EndedFlow> = {}, stages?: readonly number[]): EndedFlow {
  const flow = {
    kind: KIND,
    symbol: "BTC/USDT",
    strategy: undefined,
    runId: "run-1",
    startMs: 0,
    endMs: marks.at(-1) ?? 0,
    markCount: marks.length,
    markStage: (i: number) => stages?.[i] ?? i,
    readTimes: (into: Float64Array) => into.set([0, ...marks, fields.endMs ?? marks.at(-1) ?? 0]),
    outcomeStage: "book_to_signal",
    reasonCode: "no_signal",
    keepReason: "ratio",
    trace0: 0x0af76519,
    trace1: 0x16cd43dd,
    trace2: 0x8448eb21 | 0,
    trace3: 0x1c80319c,
  };
  return { ...flow, ...fields } as unknown as EndedFlow;
}

async function lineOf(flow: EndedFlow): Promise<string> {
  const { journal, dir } = openJournal();
  journal.flowKept(flow);
  await journal.flush();
  return readFileSync(join(dir, "logs/metrics.jsonl"), "utf8");
}

describe("a line of stage latencies", () => {
  it("has the stages that were reached, their sum, and how the flow ended", async () => {
    expect(await lineOf(flowWith([0.0105, 1.25]))).toBe(
      '{"trace_id":"0af7651916cd43dd8448eb211c80319c","ws_to_book_update_ms":0.0105,"book_to_signal_ms":1.2395,"end_to_end_ms":1.250,' +
        '"flow":"tick","symbol":"BTC/USDT","timestamp":"2026-11-20T12:00:00.001250Z",' +
        '"outcome":{"stage":"book_to_signal","reason_code":"no_signal"},"keep_reason":"ratio","run_id":"run-1","instance_id":"a-1"}\n',
    );
  });

  it("has no end_to_end_ms before the second stage", async () => {
    const line = JSON.parse(await lineOf(flowWith([0.5]))) as object;
    expect(line).toHaveProperty("ws_to_book_update_ms", 0.5);
    expect(line).not.toHaveProperty("end_to_end_ms");
  });

  it("adds up a stage that was marked more than once", async () => {
    const line = JSON.parse(await lineOf(flowWith([1, 3, 6], {}, [0, 1, 0]))) as object;
    expect(line).toMatchObject({ ws_to_book_update_ms: 4, book_to_signal_ms: 2, end_to_end_ms: 6 });
  });

  it("adds up exactly: the printed stages sum to the printed end_to_end_ms", async () => {
    const { journal, dir } = openJournal();
    const durations = fc.array(fc.double({ min: 0, max: 10_000, noNaN: true }), { minLength: 2, maxLength: 4 });
    fc.assert(
      fc.property(durations, (each) => {
        let at = 0;
        journal.flowKept(flowWith(each.map((duration) => (at += duration))));
      }),
      { numRuns: 200 },
    );
    await journal.flush();
    const nanos = (text: string) => BigInt(text.replace(".", "").padEnd(text.indexOf(".") + 6, "0"));
    const lines = readFileSync(join(dir, "logs/metrics.jsonl"), "utf8").trimEnd().split("\n");
    expect(lines).toHaveLength(200);
    for (const line of lines) {
      const numbers = [...line.matchAll(/"\w+_ms":(\d+\.\d{3,6})[,}]/g)].map((match) => nanos(match[1]!));
      const total = numbers.pop();
      expect(numbers.reduce((sum, each) => sum + each, 0n)).toBe(total);
    }
  });

  it("is written for kept flows only, or for all that end when told so", async () => {
    const kept = openJournal();
    kept.journal.flowEnded(flowWith([1, 2]));
    kept.journal.flowKept(flowWith([1, 2]));
    await kept.journal.flush();
    expect(kept.journal.stats().latencies).toEqual({ written: 1, pending: 0, dropped: 0 });
    const all = openJournal({ latencies: "all" });
    all.journal.flowEnded(flowWith([1, 2], { keepReason: undefined }));
    all.journal.flowKept(flowWith([1, 2]));
    await all.journal.flush();
    expect(linesOf(join(all.dir, "logs/metrics.jsonl"))).toHaveLength(1);
  });

  it("waits in bounded memory while the disk does not take it, and counts the rest", async () => {
    const { journal } = openJournal({ dir: "/proc/no-such-folder" });
    for (let i = 0; i < 5_000; i++) journal.flowKept(flowWith([1, 2, 3, 4]));
    const { pending, dropped } = journal.stats().latencies;
    expect(pending + dropped).toBe(5_000);
    expect(dropped).toBeGreaterThan(0);
    expect(pending * 300).toBeLessThanOrEqual(MAX_WAITING_BYTES);
    await journal.close();
    expect(journal.stats().latencies).toEqual({ written: 0, pending: 0, dropped: 5_000 });
  });

  it("has what a host measured itself, under its own names", async () => {
    const { journal, dir } = openJournal();
    const stages = { ws_to_book_update_ms: 1.25, 'odd"name_ms': 2, end_to_end_ms: 3.25 };
    journal.recordLatencies({ traceId: "t-1", flow: "tick", stages, runId: "run-1" });
    journal.recordLatencies({ traceId: undefined, flow: "tick", stages: {}, runId: "run-1" });
    await journal.flush();
    expect(readFileSync(join(dir, "logs/metrics.jsonl"), "utf8")).toBe(
      '{"ws_to_book_update_ms":1.25,"odd\\"name_ms":2,"end_to_end_ms":3.25,"trace_id":"t-1","flow":"tick",' +
        '"timestamp":"2026-11-20T12:00:00.000000Z","run_id":"run-1","instance_id":"a-1"}\n',
    );
    expect(journal.stats().latencies).toEqual({ written: 1, pending: 0, dropped: 0 });
  });

  it("counts a flow that cannot be read and goes on", async () => {
    const { journal } = openJournal();
    const broken = Object.defineProperty(flowWith([1]), "trace0", {
      get: () => {
        throw new Error("no");
      },
    });
    journal.flowKept(broken);
    journal.flowKept(flowWith([1]));
    await journal.flush();
    expect(journal.stats().latencies).toEqual({ written: 1, pending: 0, dropped: 1 });
  });
});
