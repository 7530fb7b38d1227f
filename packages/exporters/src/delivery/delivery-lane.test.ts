// A lane in single scenes: which answers are final, how it waits, what it holds in memory, on disk, and at its end.
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Act, openScriptedLane, SENDER_TIMEOUT_MS } from "../../test/scripted-lane.ts";
import { drainSpool, openSpool, TRACES, testFolder } from "../../test/spools.ts";
import { createDeliveryLane } from "./delivery-lane.ts";
import type { OtlpSender } from "./sender.ts";
import type { Spool } from "./spool.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

const retry: Act = { kind: "retry" };
const times = (count: number, act: Act): Act[] => Array.from({ length: count }, () => act);

describe("a request that does not get through", () => {
  it("for a while is tried until it does, however often the flushes come in vain", async () => {
    const one = openScriptedLane({ script: times(10, retry) });
    one.push(3);
    await one.pass(0);
    for (let tries = 1; tries < 10; tries++) {
      await one.flush(1_000);
      expect(one.tries).toHaveLength(tries + 1);
      expect(one.lane.stats()).toMatchObject({ delivered: 0, queued: 3, failing: { message: "retry" } });
    }
    await one.flush(1_000);
    expect(one.lane.stats()).toMatchObject({ delivered: 3, queued: 0, failing: undefined });
    expect(one.lane.stats().attempts).toEqual({ delivered: 1, retry: 10, rejected: 0 });
    expect(one.drops).toEqual({});
  });

  it("for good is counted, said, and in nobody else's way", async () => {
    const one = openScriptedLane({ script: [{ kind: "rejected" }] });
    one.push(3);
    one.push(2);
    await one.pass(0);
    expect(one.drops).toEqual({ rejected: 3 });
    expect(one.failures).toEqual([{ isFinal: true }]);
    expect(one.lane.stats()).toMatchObject({ delivered: 2, queued: 0 });
  });

  it("in part is counted in part", async () => {
    const one = openScriptedLane({ script: [{ kind: "delivered", rejected: 2 }] });
    one.push(5);
    await one.pass(0);
    expect(one.lane.stats()).toMatchObject({ delivered: 3, dropped: 2 });
    expect([one.drops, one.failures]).toEqual([{ partial_success: 2 }, [{ isFinal: true }]]);
  });

  it("because of a 500 is given up the third time, whatever comes between; the next one has tries of its own", async () => {
    const serverError: Act = { kind: "server_error" };
    const one = openScriptedLane({
      script: [serverError, retry, serverError, { kind: "throws" }, serverError, serverError, serverError],
    });
    const first = one.push(2);
    const second = one.push(1);
    await one.pass(40_000);
    expect(one.tries.filter(({ id }) => id === first)).toHaveLength(5);
    expect(one.tries.filter(({ id }) => id === second)).toHaveLength(3);
    expect(one.drops).toEqual({ rejected: 2 });
    expect(one.failures.filter(({ isFinal }) => isFinal)).toHaveLength(1);
    expect(one.lane.stats()).toMatchObject({ delivered: 1, queued: 0 });
  });

  it("because of a 500 is given up the third time also when it waits on disk", async () => {
    const dir = testFolder();
    const one = openScriptedLane({ spoolDir: dir, script: [retry, ...times(3, { kind: "server_error" })] });
    one.push(2);
    await one.pass(20_000);
    expect([one.tries.length, one.drops]).toEqual([4, { rejected: 2 }]);
    expect(one.imbalance()).toBe(0);
    await one.spool?.close();
  });
});

describe("patience", () => {
  it("begins with a second, doubles, ends at five, and is spread by a fifth", async () => {
    for (const random of [0, 0.5, 0.999]) {
      const one = openScriptedLane({ script: times(7, retry), random: () => random });
      one.push();
      await one.pass(60_000);
      const waits = one.tries.slice(1).map(({ startMs }, i) => startMs - one.tries[i]!.startMs);
      const spread = 0.8 + 0.4 * random;
      for (const [i, wait] of waits.entries()) {
        const expected = [1_000, 2_000, 4_000, 5_000, 5_000, 5_000, 5_000][i]! * spread;
        expect(wait).toBeGreaterThanOrEqual(expected - 1);
        expect(wait).toBeLessThanOrEqual(expected + 2);
      }
    }
  });

  it("is what the receiver asks for, when that is longer; a flush does not shorten it", async () => {
    const one = openScriptedLane({ script: [{ kind: "retry", retryAfterMs: 20_000 }] });
    one.push();
    await one.pass(0);
    await one.flush(5_000);
    await one.pass(19_400);
    expect(one.tries).toHaveLength(1);
    await one.pass(700);
    expect(one.tries).toHaveLength(2);
  });

  it("counts the time that was spent on waiting for an answer", async () => {
    const one = openScriptedLane({ script: times(4, { kind: "hangs" }) });
    one.push();
    // Tries begin at 0, 2, 4, 8 and 13 s, not at 0, 3, 7, 13 and 20.
    await one.pass(13_200);
    expect(one.lane.stats().delivered).toBe(1);
  });

  it("is asked of requests, too, when several in a row are refused", async () => {
    const one = openScriptedLane({ script: times(100, { kind: "rejected" }) });
    for (let i = 0; i < 100; i++) one.push();
    await one.pass(10_000);
    expect(one.tries.length).toBeGreaterThan(3);
    expect(one.tries.length).toBeLessThan(8);
    expect(one.imbalance()).toBe(0);
  });

  it("of a flush ends with the first failure, not with its deadline", async () => {
    const one = openScriptedLane({ script: times(20, retry) });
    for (let i = 0; i < 10; i++) one.push();
    await one.pass(30_000);
    const before = [performance.now(), one.tries.length];
    one.script.splice(0, 20, { kind: "delivered" }, ...times(20, retry));
    await one.flush(60_000);
    expect(performance.now() - before[0]!).toBeLessThan(2_000);
    expect(one.tries.length - before[1]!).toBe(2);
  });
});

describe("a flush", () => {
  it.each([
    [60_000, 1],
    [118, 512],
  ])(
    "of %i requests of %i items sends them in series and in order, all before its deadline",
    async (requests, items) => {
      const received: number[] = [];
      let underWay = 0;
      let most = 0;
      const lane = createDeliveryLane({
        name: TRACES,
        spool: undefined,
        maxItems: 65_536,
        maxBytes: 16 * 1_048_576,
        onDrop: () => expect.unreachable(),
        onFailure: () => expect.unreachable(),
        sender: {
          destination: "",
          close: () => {},
          async send({ bytes }) {
            most = Math.max(most, ++underWay);
            received.push((bytes as Buffer).readUInt32LE());
            if (received.length % 64 === 0) await new Promise((resolve) => setImmediate(resolve));
            underWay--;
            return { kind: "delivered", rejected: 0 };
          },
        },
      });
      for (let i = 0; i < requests; i++) {
        const bytes = Buffer.alloc(64);
        bytes.writeUInt32LE(i);
        lane.push({ bytes, format: "protobuf", items, bornEpochMs: 0 });
      }
      await lane.flush(20_000);
      expect(lane.stats()).toMatchObject({ delivered: requests * items, queued: 0, queuedBytes: 0 });
      expect([most, received.length]).toEqual([1, requests]);
      expect(received.every((id, i) => id === i)).toBe(true);
    },
  );

  it("ends at its deadline when there is no answer", async () => {
    const one = openScriptedLane({ script: [{ kind: "hangs" }] });
    one.push();
    await one.pass(0);
    const start = performance.now();
    await one.flush(500);
    expect(performance.now() - start).toBeLessThan(SENDER_TIMEOUT_MS);
    expect(one.lane.stats().queued).toBe(1);
  });
});

describe("memory", () => {
  it("that is full loses the oldest, counted, and keeps what is being sent", async () => {
    const one = openScriptedLane({ script: [{ kind: "hangs" }, retry], maxItems: 10 });
    one.push(2);
    await one.pass(0);
    for (let i = 1; i < 15; i++) one.push(2);
    expect(one.drops).toEqual({ queue_full: 20 });
    await one.pass(20_000);
    expect(one.tries.map(({ id }) => id)).toEqual([0, 0, 0, 11, 12, 13, 14]);
    expect(one.lane.stats()).toMatchObject({ delivered: 10, dropped: 20, queued: 0 });
  });

  it("does not take a request that is larger than all of it", async () => {
    const one = openScriptedLane({ maxBytes: 1_000 });
    one.push(7, 1_001);
    one.push(1, 1_000);
    await one.pass(0);
    expect(one.drops).toEqual({ queue_full: 7 });
    expect(one.lane.stats()).toMatchObject({ delivered: 1, queued: 0, queuedBytes: 0 });
  });

  it("is given back to whoever owns it, for use only when no socket can hold it", async () => {
    const one = openScriptedLane({ script: [{ kind: "delivered" }, { kind: "hangs" }], maxItems: 4 });
    for (let i = 0; i < 8; i++) one.push();
    await one.pass(20_000);
    const free = [...one.released].filter(([, isFree]) => isFree).map(([id]) => id);
    const hung = one.tries.find(({ outcome }) => outcome.kind === "retry")!.id;
    expect(one.released.size).toBe(8);
    expect(free).not.toContain(hung);
    expect(free.length).toBeGreaterThan(1);
  });
});

describe("with a spool", () => {
  it("what waits for a receiver is on disk, the first of it included", async () => {
    const one = openScriptedLane({ spoolDir: testFolder(), script: times(3, retry) });
    for (let i = 0; i < 5; i++) one.push(2);
    await one.pass(500);
    expect(one.lane.stats()).toMatchObject({ queued: 0, spooled: 10 });
    await one.pass(20_000);
    expect(one.lane.stats()).toMatchObject({ delivered: 10, queued: 0, spooled: 0 });
    // Its first try may have left the bytes with a socket.
    expect([one.released.get(0), one.released.get(1)]).toEqual([false, true]);
    await one.spool?.close();
  });

  it("requests move on to disk while the receiver hangs, once a quarter of the memory is in use", async () => {
    const one = openScriptedLane({ spoolDir: testFolder(), script: [{ kind: "hangs" }], maxBytes: 4_000 });
    for (let i = 0; i < 30; i++) {
      one.push(1, 100);
      await one.pass(0);
    }
    expect(one.drops).toEqual({});
    expect(one.lane.stats().spooled).toBeGreaterThan(15);
    await one.pass(10_000);
    expect(one.tries.filter(({ outcome }) => outcome.kind === "delivered").map(({ id }) => id)).toEqual(
      Array.from({ length: 30 }, (_, i) => i),
    );
    await one.spool?.close();
  });

  it("nothing touches the disk while the receiver takes what it gets", async () => {
    const one = openScriptedLane({ spoolDir: testFolder() });
    for (let i = 0; i < 50; i++) {
      one.push();
      await one.pass(0);
    }
    expect(one.spool?.stats(TRACES).bytes).toBe(0);
    expect(one.lane.stats()).toMatchObject({ delivered: 50, spooled: 0 });
  });

  it("the end of a process comes at once when the receiver is known to be away", async () => {
    const dir = testFolder();
    const one = openScriptedLane({ spoolDir: dir, script: times(20, retry) });
    one.push(2);
    await one.pass(100);
    one.push(3);
    const start = performance.now();
    await one.close(60_000);
    expect(performance.now() - start).toBeLessThan(1_000);
    expect(one.lane.stats()).toMatchObject({ queued: 0, spooled: 5 });
    await one.spool?.close();
    const next = openSpool(dir, { nowEpochMs: Date.now });
    await next.spool.adopt();
    expect((await drainSpool(next.spool, TRACES)).map((text) => String(text).slice(0, 2))).toEqual(["0;", "1;"]);
  });

  it("what hangs at the end of a process is kept, in front of what came later", async () => {
    const dir = testFolder();
    const one = openScriptedLane({ spoolDir: dir, script: times(5, { kind: "hangs" }), maxBytes: 1_000 });
    for (let i = 0; i < 6; i++) {
      one.push(1, 300);
      await one.pass(0);
    }
    expect(one.lane.stats().spooled).toBeGreaterThan(0);
    await one.close(500);
    expect(one.imbalance()).toBe(0);
    await one.spool?.close();
    const next = openSpool(dir, { nowEpochMs: Date.now });
    await next.spool.adopt();
    const left = (await drainSpool(next.spool, TRACES)).map((text) => String(text).slice(0, 2));
    expect(left).toEqual(["0;", "1;", "2;", "3;", "4;", "5;"]);
  });
});

describe("a disk that misbehaves", () => {
  /** A spool that holds items and gives none of them, or takes none. */
  function brokenSpool(items: number) {
    const calls = { first: 0, append: 0 };
    const spool: Spool = {
      async append() {
        calls.append++;
        return false;
      },
      async first() {
        calls.first++;
        return undefined;
      },
      done: async () => {},
      putBack() {},
      appendSync: () => 0,
      adopt: async () => {},
      stats: () => ({ items, bytes: items, oldestEpochMs: undefined }),
      bytes: 0,
      close: async () => {},
    };
    return { spool, calls };
  }
  function laneWith(spool: Spool, sender: Partial<OtlpSender> = {}) {
    const onDrop = vi.fn();
    const send = vi.fn(sender.send ?? (async () => ({ kind: "delivered" as const, rejected: 0 })));
    const lane = createDeliveryLane({
      name: TRACES,
      spool,
      maxItems: 100,
      maxBytes: 10_000,
      sender: { destination: "", close: () => {}, send },
      onDrop,
      onFailure: () => {},
    });
    const push = () => lane.push({ bytes: Buffer.alloc(10), format: "json", items: 1, bornEpochMs: 0 });
    return { lane, push, send, onDrop };
  }

  it("and cannot be read is asked once a second, not all the time; a flush ends", async () => {
    const { spool, calls } = brokenSpool(3);
    const { lane, push, send } = laneWith(spool);
    push();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(calls.first).toBeGreaterThan(5);
    expect(calls.first).toBeLessThan(15);
    await lane.flush(60_000);
    expect(calls.first).toBeLessThan(18);
    // What is in memory is newer than what is on disk.
    expect(send).not.toHaveBeenCalled();
  });

  it("and cannot be written is asked now and then, while memory lasts; then the oldest goes", async () => {
    const { spool, calls } = brokenSpool(0);
    const { lane, push, onDrop } = laneWith(spool, {
      send: async () => ({ kind: "retry", failure: { message: "away" } }),
    });
    for (let i = 0; i < 150; i++) push();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(calls.append).toBeGreaterThan(1);
    expect(calls.append).toBeLessThan(15);
    expect(lane.stats()).toMatchObject({ queued: 100, dropped: 50 });
    await lane.close(1_000);
    expect(lane.stats()).toMatchObject({ queued: 0, dropped: 150 });
    expect(onDrop).toHaveBeenLastCalledWith("shutdown", 1);
  });
});

describe("a process with a lane", () => {
  it("that waits for its receiver ends by itself", async () => {
    const module = (name: string): string => JSON.stringify(new URL(name, import.meta.url).href);
    const program = `
      import { createDelivery } from ${module("./delivery.ts")};
      import { createOtlpHttpSender } from ${module("./otlp-http-sender.ts")};
      const name = { signal: "traces", recordClass: "ordinary" };
      const delivery = createDelivery({
        spool: { dir: ${JSON.stringify(testFolder())}, maxBytes: 1_048_576, maxAgeMs: 1e9 },
        maxItems: 100, maxBytes: 100_000, onDrop() {}, onFailure() {}, onSpoolProblem() {},
      });
      const lane = delivery.lane(name, createOtlpHttpSender({ signal: "traces", url: "http://127.0.0.1:9/v1/traces" }));
      lane.push({ bytes: Buffer.from("x"), format: "json", items: 1, bornEpochMs: Date.now() });
      await new Promise((resolve) => setTimeout(resolve, 50));
      console.log(JSON.stringify(lane.stats()));
    `;
    const node = ["--conditions=@tracebook/source", "--input-type=module", "-e", program];
    const { stdout } = await promisify(execFile)(process.execPath, node, { timeout: 20_000 });
    expect(JSON.parse(stdout)).toMatchObject({ accepted: 1, dropped: 0, delivered: 0 });
  });
});
