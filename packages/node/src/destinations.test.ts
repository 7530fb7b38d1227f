// Destinations between fans and takers that are slow, refuse, hang, come late and go: nothing is lost without a count, nobody is held up.
import type { LaneRequest, OtlpSignal } from "@tracebook/exporters";
import { createTradingMetrics, type TradingMetrics } from "@tracebook/metrics";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createDestinations, type Destinations, type DestinationsOptions } from "./destinations.ts";
import { createDropLedger } from "./drop-ledger.ts";
import { createSignalFans, type SignalFans } from "./request-fan.ts";
import type { DestinationSignalHealth } from "./telemetry.ts";
import type { TelemetryDestination } from "./telemetry-destination.ts";

const NOTHING_WAITS = { traces: 0, logs: 0, metrics: 0 };
const SIGNALS: readonly OtlpSignal[] = ["traces", "logs", "metrics"];

interface Case {
  readonly fans: SignalFans;
  readonly metrics: TradingMetrics;
  readonly destinations: Destinations;
  readonly lines: string[];
  readonly ledger: ReturnType<typeof createDropLedger>;
  changes: number;
}

function open(options: Partial<DestinationsOptions> = {}): Case {
  const lines: string[] = [];
  const ledger = createDropLedger((line) => lines.push(line));
  const fans = createSignalFans({ traces: undefined, logs: undefined, metrics: undefined });
  const metrics = createTradingMetrics();
  const one: Case = { fans, metrics, lines, ledger, changes: 0, destinations: undefined as never };
  const destinations = createDestinations({
    fans,
    metrics,
    ledger,
    say: (line) => lines.push(line),
    redact: (text) => text,
    maxItems: 100,
    maxBytes: 1_000,
    closingMs: 1_000,
    drain() {},
    onChange: () => one.changes++,
    timeoutMs: 2_000,
    ...options,
  });
  return Object.assign(one, { destinations });
}

/** A request that says how many items it has. */
function requestOf(items: number, release?: (isFree: boolean) => void): LaneRequest {
  const request = { bytes: new Uint8Array(items).fill(items), format: "protobuf" as const, items, bornEpochMs: 0 };
  return release === undefined ? request : { ...request, release };
}

type Take = TelemetryDestination["take"];

/** Stores what it is given, one after the other. */
function storing(): { readonly take: Take; readonly stored: [string, number][] } {
  const stored: [string, number][] = [];
  return { stored, take: (signal, body) => Promise.resolve(stored.push([signal, body.length])) };
}

const refusing = (code: string): Take => {
  return () => Promise.reject(Object.assign(new Error("not now"), { code }));
};

const lost = (ledger: Case["ledger"]): number =>
  Object.values(ledger.counts())
    .flatMap((reasons) => Object.values(reasons))
    .reduce((sum, count) => sum + count, 0);

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setImmediate", "clearImmediate", "performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe("destinations", () => {
  it("all get every request of each signal; its bytes are let go when the last has taken them", async () => {
    const { fans, destinations } = open();
    const [desk, archive] = [storing(), storing()];
    destinations.add({ name: "desk", take: desk.take });
    destinations.add({ name: "archive", take: archive.take });
    const released: boolean[] = [];
    const lanes = ["traces", "logs", "evidence", "metrics"] as const;
    for (const [i, lane] of lanes.entries()) fans[lane].push(requestOf(i + 1, (isFree) => released.push(isFree)));
    const flushed = destinations.flush(1_000);
    await vi.advanceTimersByTimeAsync(10);
    await flushed;
    for (const { stored } of [desk, archive])
      expect([...stored].sort()).toEqual([
        ["logs", 2],
        ["logs", 3],
        ["metrics", 4],
        ["traces", 1],
      ]);
    expect(released).toEqual([true, true, true, true]);
    const { traces, logs, metrics } = destinations.health(NOTHING_WAITS)["desk"]!;
    expect([traces, logs, metrics].map(({ accepted, delivered }) => [accepted, delivered])).toEqual([
      [1, 1],
      [5, 5],
      [4, 4],
    ]);
  });

  it("that hang or refuse hold up nobody else", async () => {
    const { fans, destinations } = open();
    const desk = storing();
    destinations.add({ name: "hanging", take: () => new Promise(() => {}) });
    destinations.add({ name: "refusing", take: refusing("database_busy") });
    destinations.add({ name: "desk", take: desk.take });
    for (let i = 1; i <= 5; i++) fans.evidence.push(requestOf(i));
    await vi.advanceTimersByTimeAsync(10);
    expect(desk.stored.map(([, items]) => items)).toEqual([1, 2, 3, 4, 5]);
    const { hanging, refusing: refused } = destinations.health(NOTHING_WAITS);
    expect([hanging?.logs.waiting, refused?.logs.waiting]).toEqual([15, 15]);
    expect([hanging?.logs.isFailing, refused?.logs.isFailing]).toEqual([false, true]);
    expect(refused?.logs.lastError).toBe("not now (database_busy)");
  });

  it("get a request again that was not taken or not answered, in order, until it is", async () => {
    const { fans, destinations } = open();
    const calls: number[] = [];
    const desk = storing();
    const take: Take = (signal, body, format) => {
      calls.push(body.length);
      if (calls.length === 1) return Promise.reject(Object.assign(new Error("locked"), { code: "database_busy" }));
      if (calls.length === 2) return new Promise(() => {});
      return desk.take(signal, body, format);
    };
    destinations.add({ name: "desk", take });
    for (let i = 1; i <= 3; i++) fans.logs.push(requestOf(i));
    await vi.advanceTimersByTimeAsync(20_000);
    expect(calls).toEqual([1, 1, 1, 2, 3]);
    expect(desk.stored.map(([, items]) => items)).toEqual([1, 2, 3]);
    expect(destinations.health(NOTHING_WAITS)["desk"]?.logs).toMatchObject({ delivered: 6, waiting: 0, dropped: 0 });
  });

  it("that fail are told of once, until all of it works again", async () => {
    const { fans, destinations, lines } = open();
    let answer: () => Promise<unknown> = refusing("malformed_otlp") as never;
    destinations.add({ name: "desk", take: () => answer() });
    const pushAll = async (): Promise<void> => {
      for (const fan of Object.values(fans)) fan.push(requestOf(1));
      await vi.advanceTimersByTimeAsync(70_000);
    };
    for (let i = 0; i < 3; i++) await pushAll();
    const told = /^tracebook: \w+ do not get into desk: not now \(malformed_otlp\); what was in the request is dropped/;
    expect(lines).toEqual([expect.stringMatching(told)]);
    answer = () => Promise.resolve();
    await pushAll();
    answer = () => Promise.reject(Object.assign(new Error("locked"), { code: "database_busy" }));
    await pushAll();
    expect(lines.slice(1)).toEqual([
      expect.stringContaining("into desk: locked (database_busy); they wait and come again"),
    ]);
  });

  it("that refuse a part have lost that part, and it is said", async () => {
    const { fans, destinations, lines, ledger } = open();
    destinations.add({ name: "desk", take: () => Promise.resolve({ rejected: 2, message: "no valid ids" }) });
    fans.traces.push(requestOf(5));
    await vi.advanceTimersByTimeAsync(10);
    expect(destinations.health(NOTHING_WAITS)["desk"]?.traces).toMatchObject({ accepted: 5, delivered: 3, dropped: 2 });
    expect(ledger.counts()).toEqual({ destination_spans: { partial_success: 2 } });
    expect(lines).toEqual(["tracebook: desk has refused 2 spans, which are dropped: no valid ids"]);
  });

  it("hold as much as they may, evidence apart from the rest, and count what is beyond it by class", async () => {
    const { fans, destinations, ledger } = open();
    destinations.add({ name: "desk", take: () => new Promise(() => {}) });
    for (let i = 0; i < 30; i++) fans.logs.push(requestOf(10));
    fans.evidence.push(requestOf(10));
    await vi.advanceTimersByTimeAsync(10);
    expect(destinations.health(NOTHING_WAITS)["desk"]?.logs).toMatchObject({
      accepted: 310,
      waiting: 110,
      dropped: 200,
    });
    expect(ledger.counts()).toEqual({ destination_logs: { queue_full: 200 } });
  });

  it("go without metrics, and it is said, where the host has one of their names for something else", async () => {
    const metrics = createTradingMetrics();
    const taken = {
      name: "tracebook_destination_queue_bytes",
      kind: "counter",
      unit: "By",
      labels: [],
      help: "",
    } as const;
    metrics.registry.counter(taken).add(7);
    const { fans, destinations, lines } = open({ metrics });
    const desk = storing();
    const remove = destinations.add({ name: "desk", take: desk.take });
    fans.logs.push(requestOf(3));
    await vi.advanceTimersByTimeAsync(10);
    await remove();
    expect(desk.stored).toEqual([["logs", 3]]);
    expect(lines).toEqual([
      expect.stringMatching(/^destinations have no metrics: tracebook_destination_queue_bytes is/),
    ]);
    expect(metrics.registry.collect().metrics.map(({ definition }) => definition.name)).toEqual([taken.name]);
  });

  it("say of two of one name, and of what is none, what is wrong; a name that is free again is taken", async () => {
    const { destinations } = open();
    const remove = destinations.add({ name: "desk", take: storing().take });
    expect(() => destinations.add({ name: "desk", take: storing().take })).toThrow(/"desk" already/);
    expect(() => destinations.add({ name: "other" } as never)).toThrow(/take of the destination "other" is undefined/);
    void remove();
    expect(destinations.add({ name: "desk", take: storing().take })).toBeTypeOf("function");
    expect(destinations.names).toEqual(["desk"]);
  });
});

describe("a destination that is taken away", () => {
  it("gets what was there before and nothing after, and is gone from health once it has all of it", async () => {
    let answer = (): void => {};
    const desk = storing();
    const one = open({ drain: () => one.fans.logs.push(requestOf(2)) });
    const { fans, destinations } = one;
    const take: Take = async (...given) => {
      await new Promise<void>((resolve) => {
        answer = resolve;
      });
      return desk.take(...given);
    };
    const remove = destinations.add({ name: "desk", take });
    fans.logs.push(requestOf(1));
    const removed = remove();
    expect([fans.logs.isEmpty, destinations.names, one.changes]).toEqual([true, [], 2]);
    fans.logs.push(requestOf(3));
    await vi.advanceTimersByTimeAsync(10);
    // The outlets were drained, and what they had goes along.
    expect(destinations.health(NOTHING_WAITS)["desk"]?.logs).toMatchObject({ accepted: 3, waiting: 3 });
    answer();
    await vi.advanceTimersByTimeAsync(10);
    answer();
    await vi.advanceTimersByTimeAsync(10);
    await Promise.all([removed, remove()]);
    expect(desk.stored).toEqual([
      ["logs", 1],
      ["logs", 2],
    ]);
    expect(destinations.health(NOTHING_WAITS)).toEqual({});
  });

  it("while it hangs is let go after its time, with what waits counted", async () => {
    const { fans, destinations, ledger } = open();
    const remove = destinations.add({ name: "desk", take: () => new Promise(() => {}) });
    fans.traces.push(requestOf(7));
    const removed = remove();
    await vi.advanceTimersByTimeAsync(1_100);
    await removed;
    expect(ledger.counts()).toEqual({ destination_spans: { shutdown: 7 } });
  });
});

describe("the end of telemetry", () => {
  it("waits for destinations within its time, counts the rest, and takes no further ones", async () => {
    const { fans, destinations, ledger } = open();
    const desk = storing();
    const remove = destinations.add({ name: "desk", take: desk.take });
    destinations.add({ name: "hanging", take: () => new Promise(() => {}) });
    fans.metrics.push(requestOf(4));
    const closed = destinations.close(500);
    await vi.advanceTimersByTimeAsync(600);
    await closed;
    expect(desk.stored).toEqual([["metrics", 4]]);
    expect(ledger.counts()).toEqual({ destination_metrics: { shutdown: 4 } });
    fans.logs.push(requestOf(1));
    expect(ledger.counts()).toMatchObject({ destination_logs: { shutdown: 2 } });
    await remove();
    expect(Object.keys(destinations.health(NOTHING_WAITS))).toEqual(["desk", "hanging"]);
    await destinations.add({ name: "late", take: desk.take })();
    expect(destinations.names).toEqual(["desk", "hanging"]);
  });

  it("in which nothing can be waited for counts all that waits", () => {
    const { fans, destinations, ledger } = open();
    destinations.add({ name: "desk", take: storing().take });
    for (const fan of Object.values(fans)) fan.push(requestOf(3));
    destinations.closeSync();
    expect(lost(ledger)).toBe(12);
    expect(destinations.health(NOTHING_WAITS)["desk"]?.logs).toMatchObject({ accepted: 6, waiting: 0, dropped: 6 });
  });
});

describe("whatever destinations do", () => {
  const answers = fc.array(
    fc.constantFrom("stored", "part", "database_busy", "malformed_otlp", "throws", "garbage", "hangs", "slow"),
    { maxLength: 12 },
  );
  const steps = fc.array(
    fc.oneof(
      fc.record({
        push: fc.constantFrom("traces", "logs", "evidence", "metrics"),
        items: fc.integer({ min: 1, max: 40 }),
      }),
      fc.record({ passMs: fc.nat({ max: 4_000 }) }),
      fc.record({ add: fc.constantFrom("a", "b"), answers }),
      fc.record({ remove: fc.constantFrom("a", "b") }),
      fc.record({ flushMs: fc.nat({ max: 500 }) }),
    ),
    { maxLength: 20 },
  );

  function scripted(script: readonly string[]): Take {
    const rest = [...script];
    return () => {
      switch (rest.shift()) {
        case "part":
          return Promise.resolve({ rejected: 1 });
        case "throws":
          throw new Error("a defect of the host's");
        case "garbage":
          return Promise.reject(undefined);
        case "hangs":
          return new Promise(() => {});
        case "slow":
          return new Promise((resolve) => setTimeout(resolve, 300));
        case "database_busy":
          return refusing("database_busy")("logs", new Uint8Array(), "protobuf");
        case "malformed_otlp":
          return refusing("malformed_otlp")("logs", new Uint8Array(), "protobuf");
        default:
          return Promise.resolve();
      }
    };
  }

  function addsUp({ accepted, delivered, waiting, dropped }: DestinationSignalHealth): void {
    expect(delivered + waiting + dropped).toBe(accepted);
  }

  function metricsAddUp({ metrics }: Case): void {
    const sums = new Map<string, number>();
    const sign: Record<string, number> = {
      tracebook_destination_accepted_total: 1,
      tracebook_exported_total: -1,
      tracebook_destination_dropped_total: -1,
      tracebook_destination_queue_items: -1,
    };
    for (const metric of metrics.registry.collect().metrics) {
      const factor = sign[metric.definition.name];
      if (metric.type !== "scalar" || factor === undefined) continue;
      for (const { labels, value } of metric.points) {
        const key = `${labels["destination"]} ${labels["signal"]}`;
        sums.set(key, (sums.get(key) ?? 0) + factor * value);
      }
    }
    expect([...sums.values()].every((sum) => sum === 0)).toBe(true);
  }

  it("accepted = delivered + waiting + dropped, for each of them at every step, in health and in the metrics; every buffer comes back", async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (plan) => {
        const one = open();
        const { fans, destinations } = one;
        const removers = new Map<string, () => Promise<void>>();
        let [pushed, released] = [0, 0];
        for (const step of plan) {
          if ("push" in step && !fans.traces.isEmpty) {
            pushed++;
            fans[step.push].push(requestOf(step.items, () => released++));
          } else if ("passMs" in step) await vi.advanceTimersByTimeAsync(step.passMs);
          else if ("add" in step && !destinations.names.includes(step.add))
            removers.set(step.add, destinations.add({ name: step.add, take: scripted(step.answers) }));
          else if ("remove" in step) void removers.get(step.remove)?.();
          else if ("flushMs" in step) void destinations.flush(step.flushMs);
          for (const health of Object.values(destinations.health(NOTHING_WAITS)))
            for (const signal of SIGNALS) addsUp(health[signal]);
          metricsAddUp(one);
        }
        const closed = destinations.close(3_000);
        await vi.advanceTimersByTimeAsync(3_300);
        await closed;
        for (const health of Object.values(destinations.health(NOTHING_WAITS)))
          for (const signal of SIGNALS) expect(health[signal].waiting).toBe(0);
        metricsAddUp(one);
        expect(released).toBe(pushed);
      }),
      { numRuns: 150 },
    );
  });
});
