// What a destination answers, and what it means for the request: stored, again, never, or no answer at all.
import { context } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { isTracingSuppressed } from "@opentelemetry/core";
import { createRedactor } from "@tracebook/core";
import type { OtlpSender, SendOutcome } from "@tracebook/exporters";
import { afterEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { createDestinationSender } from "./destination-sender.ts";
import type { TelemetryDestination } from "./telemetry-destination.ts";

const REQUEST = { bytes: Uint8Array.of(1, 2, 3), format: "protobuf", items: 10 } as const;
const redactor = createRedactor();

function senderTo(take: (...args: Parameters<TelemetryDestination["take"]>) => unknown) {
  const outcomes: SendOutcome[] = [];
  const sender = createDestinationSender({
    destination: { name: "desk", take: take as TelemetryDestination["take"] },
    signal: "logs",
    redact: (text) => redactor.text(text),
    onOutcome: (outcome) => outcomes.push(outcome),
    timeoutMs: 100,
  });
  return { sender, outcomes };
}

const send = (take: Parameters<typeof senderTo>[0]): Promise<SendOutcome> => senderTo(take).sender.send(REQUEST);
const errorOf = (code: unknown, message: unknown = "it says why"): Error =>
  Object.assign(new Error(message as string), { code, message });

afterEach(() => {
  vi.useRealTimers();
});

describe("a request that is stored", () => {
  it("is delivered, and was handed over as it is, before the call returned", () => {
    const take = vi.fn(() => Promise.resolve({ written: 10, duplicates: 0, rejected: 0 }));
    const { sender, outcomes } = senderTo(take);
    const sent = sender.send(REQUEST);
    expect(take).toHaveBeenCalledExactlyOnceWith("logs", REQUEST.bytes, "protobuf");
    return expect(sent.then((outcome) => [outcome, outcomes])).resolves.toEqual([
      { kind: "delivered", rejected: 0 },
      [{ kind: "delivered", rejected: 0 }],
    ]);
  });

  it.each([
    [3, 3],
    [99, 10],
    [-1, 0],
    [0.5, 0],
    ["3", 0],
    [undefined, 0],
  ])("with rejected: %s has lost %i of its 10 items", async (rejected, lost) => {
    const outcome = await send(() => Promise.resolve({ rejected, message: "no such instant" }));
    expect(outcome).toMatchObject({ kind: "delivered", rejected: lost });
    if (lost > 0) expect(outcome).toMatchObject({ message: "no such instant" });
  });

  it.each([
    ["nothing", undefined],
    ["null", null],
    ["a number", 7],
    [
      "an object that cannot be read",
      new Proxy({}, { get: (_, key) => (key === "then" ? undefined : expect.unreachable()) }),
    ],
  ])("is delivered, too, when the answer is %s", async (_, answer) => {
    expect(await send(() => Promise.resolve(answer))).toEqual({ kind: "delivered", rejected: 0 });
  });
});

describe("a request that is refused", () => {
  it.each(["database_busy", "database_full", "store_overloaded", "store_failed"])(
    "with %s comes again",
    async (code) => {
      const outcome = await send(() => Promise.reject(errorOf(code)));
      expect(outcome).toEqual({ kind: "retry", failure: { code, message: "it says why" } });
    },
  );

  it.each(["malformed_otlp", "store_closed", "ECONNREFUSED", undefined, 7, "no\ncode"])(
    "with %s does not",
    async (code) => {
      const outcome = await send(() => Promise.reject(errorOf(code)));
      expect(outcome).toMatchObject({ kind: "rejected", failure: { message: "it says why" } });
    },
  );

  it("ends the same way when take throws at once", async () => {
    const thrown = (code: string) =>
      send(() => {
        throw errorOf(code);
      });
    expect(await thrown("database_busy")).toMatchObject({ kind: "retry" });
    expect(await thrown("malformed_otlp")).toMatchObject({ kind: "rejected" });
  });

  it.each([
    ["nothing", undefined, "it gave no reason"],
    ["text", "out of order", "out of order"],
    ["an object", { no: "error" }, "it gave no reason"],
    ["an error without words", errorOf(undefined, 7), "it gave no reason"],
    ["what cannot be read", new Proxy({}, { get: () => expect.unreachable() }), "the error cannot be read"],
  ])("with %s, which is no error, is worth few tries", async (_, garbage, message) => {
    const outcome = await send(() => Promise.reject(garbage));
    expect(outcome).toMatchObject({ kind: "server_error", failure: { message } });
  });

  it("is told of in one short line without secrets", async () => {
    const message = `no\naccess for token=sk_live_4eC39HqLyjWDarjtT1zdp7dc ${"x".repeat(100_000)}`;
    const outcome = await send(() => Promise.reject(errorOf("malformed_otlp", message)));
    const { failure } = outcome as Extract<SendOutcome, { kind: "rejected" }>;
    expect(failure.message).toMatch(/^no\\u\{a\}access for token=/);
    expect(failure.message).not.toContain("4eC39HqLyjWDarjtT1zdp7dc");
    expect(failure.message.length).toBeLessThanOrEqual(200);
  });
});

describe("a call without an answer", () => {
  const TIMED_OUT = { kind: "retry", failure: { code: "TIMEOUT", message: "no answer within 100 ms" } };
  const sendAndWait = async (sender: OtlpSender): Promise<SendOutcome> => {
    const sent = sender.send(REQUEST);
    await vi.advanceTimersByTimeAsync(100);
    return sent;
  };

  it("counts as failed after a time, and what it says later counts for nothing", async () => {
    vi.useFakeTimers();
    const { promise, reject } = Promise.withResolvers<void>();
    const { sender, outcomes } = senderTo(() => promise);
    expect(await sendAndWait(sender)).toEqual(TIMED_OUT);
    reject(new Error("too late"));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(outcomes).toHaveLength(1);
  });

  it("is followed by others, but by seven at most: each may hold a copy of its request", async () => {
    vi.useFakeTimers();
    const calls: (() => void)[] = [];
    const { sender } = senderTo(() => new Promise<void>((resolve) => calls.push(resolve)));
    for (let i = 0; i < 8; i++) expect(await sendAndWait(sender)).toEqual(TIMED_OUT);
    const refused = { kind: "retry", failure: { code: "TIMEOUT", message: "8 calls of take have had no answer" } };
    expect(await sender.send(REQUEST)).toEqual(refused);
    expect(calls).toHaveLength(8);
    calls[0]?.();
    await vi.advanceTimersByTimeAsync(0);
    expect(await sendAndWait(sender)).toEqual(TIMED_OUT);
    expect(calls).toHaveLength(9);
  });

  it("is ended by close, after which nothing is handed over any more", async () => {
    const take = vi.fn(() => new Promise(() => {}));
    const { sender } = senderTo(take);
    const sent = sender.send(REQUEST);
    sender.close();
    expect(await sent).toMatchObject({ kind: "retry", failure: { code: "CLOSED" } });
    expect(await sender.send(REQUEST)).toMatchObject({ kind: "retry", failure: { code: "CLOSED" } });
    expect(take).toHaveBeenCalledTimes(1);
  });
});

it("what a destination does is not traced: its spans would come back to it", async () => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  onTestFinished(() => context.disable());
  const seen: boolean[] = [];
  await send(async () => {
    seen.push(isTracingSuppressed(context.active()));
    await Promise.resolve();
    seen.push(isTracingSuppressed(context.active()));
  });
  expect(seen).toEqual([true, true]);
});
