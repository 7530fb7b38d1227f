// What is active inside and around flows, with the context manager that node installs.
import { AsyncLocalStorage } from "node:async_hooks";
import { EventEmitter } from "node:events";
import { setImmediate as nextTurn } from "node:timers/promises";
import { type Context, context, ROOT_CONTEXT, trace } from "@opentelemetry/api";
import { currentTraceId, defineFlow, type Flow } from "@tracebook/core";
import { createFlowEngine, createIdSource, createSystemClock, installRuntime } from "@tracebook/core/extension";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FlowContextManager } from "./flow-context-manager.ts";

const tick = defineFlow("context_tick", { stages: ["a", "b"] });
const idOf = (flow: Flow): string => flow.traceId;
let manager: FlowContextManager;
let uninstall: () => void;

beforeEach(() => {
  manager = new FlowContextManager();
  context.setGlobalContextManager(manager.enable());
  uninstall = installRuntime(
    createFlowEngine({
      clock: createSystemClock(),
      ids: createIdSource(),
      instanceId: "i",
      runId: "r",
      sampleRatio: 0,
      slowMs: 1e9,
      recentFlows: 4,
      maxFlows: 100,
      afterTick: (fn) => setImmediate(fn),
      afterPause: (fn) => setImmediate(fn),
      onDrop: () => {},
      flowObservers: [],
      recordObservers: [],
      flowSinks: [],
      recordSinks: [],
    }),
  );
});
afterEach(() => {
  uninstall();
  context.disable();
});

describe("inside flows", () => {
  it("the innermost flow is active, and what was active before comes back, also after an error", () => {
    tick.run({}, (outer) => {
      expect(currentTraceId()).toBe(idOf(outer));
      expect(() =>
        tick.run({ parent: ROOT_CONTEXT }, (inner) => {
          expect(currentTraceId()).toBe(idOf(inner));
          throw new Error("venue closed");
        }),
      ).toThrow("venue closed");
      expect(currentTraceId()).toBe(idOf(outer));
    });
    expect(context.active()).toBe(ROOT_CONTEXT);
  });

  it("continuations of concurrent async flows keep their own, long after the call has returned", async () => {
    const seen = await Promise.all(
      [1, 2, 3].map((turns) =>
        tick.run({}, async (flow) => {
          for (let i = 0; i < turns; i++) await nextTurn();
          const later = new Promise<string | undefined>((resolve) => setTimeout(() => resolve(currentTraceId()), 1));
          return [idOf(flow), currentTraceId(), await later];
        }),
      ),
    );
    for (const [own, afterTurns, afterTimer] of seen) expect([afterTurns, afterTimer]).toEqual([own, own]);
    expect(new Set(seen.map(([own]) => own)).size).toBe(3);
    expect(currentTraceId()).toBeUndefined();
  });

  it("async generators and bound emitters find the flow they were made in", async () => {
    async function* frames(): AsyncGenerator<string | undefined> {
      for (let i = 0; i < 3; i++) {
        await nextTurn();
        yield currentTraceId();
      }
    }
    const emitter = new EventEmitter();
    const heard: (string | undefined)[] = [];
    await tick.run({}, async (flow) => {
      flow.bind(emitter).on("frame", () => heard.push(currentTraceId()));
      for await (const seen of frames()) expect(seen).toBe(idOf(flow));
      emitter.emit("frame");
      expect(heard).toEqual([idOf(flow)]);
    });
    emitter.emit("frame");
    expect(heard[1]).toBe(heard[0]);
  });
});

describe("the host's own stores", () => {
  it("are seen inside a flow and are the same after it", async () => {
    const requests = new AsyncLocalStorage<string>();
    const users = new AsyncLocalStorage<string>();
    await requests.run("request-1", async () => {
      const inside = await users.run("user-1", () =>
        tick.run({}, async () => {
          await nextTurn();
          return [requests.getStore(), users.getStore()];
        }),
      );
      expect(inside).toEqual(["request-1", "user-1"]);
      tick.run({}, () => users.run("user-2", () => expect(users.getStore()).toBe("user-2")));
      expect([requests.getStore(), users.getStore()]).toEqual(["request-1", undefined]);
      expect(currentTraceId()).toBeUndefined();
    });
  });

  it("that are set inside a flow follow its continuations", async () => {
    const users = new AsyncLocalStorage<string>();
    const seen = await tick.run({}, async (flow) => {
      users.enterWith("user-1");
      await nextTurn();
      return [users.getStore(), currentTraceId() === idOf(flow)];
    });
    expect(seen).toEqual(["user-1", true]);
  });
});

describe("outside of flows", () => {
  it("other contexts are entered as OpenTelemetry does, with this and arguments handed on", () => {
    const key = Symbol("venue");
    const given = ROOT_CONTEXT.setValue(key, "paper");
    const answer = context.with(
      given,
      function (this: { fee: number }, amount: number): [unknown, number] {
        return [context.active().getValue(key), this.fee * amount];
      },
      { fee: 2 },
      21,
    );
    expect(answer).toEqual(["paper", 42]);
    expect(context.active()).toBe(ROOT_CONTEXT);
  });

  it("an attached context stays until its token is disposed of, once", () => {
    const span = trace.wrapSpanContext({ traceId: "1".repeat(32), spanId: "2".repeat(16), traceFlags: 1 });
    const attached: Context = trace.setSpan(ROOT_CONTEXT, span);
    const token = manager.attach(attached);
    expect(context.active()).toBe(attached);
    token.dispose();
    expect(context.active()).toBe(ROOT_CONTEXT);
    const second = manager.attach(attached);
    token.dispose();
    expect(context.active()).toBe(attached);
    second.dispose();
    expect(context.active()).toBe(ROOT_CONTEXT);
  });
});
