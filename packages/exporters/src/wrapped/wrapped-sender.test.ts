import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { context, createContextKey } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { type ExportResult, ExportResultCode, isTracingSuppressed } from "@opentelemetry/core";
import { resourceFromAttributes } from "@opentelemetry/resources";
import type { ResourceMetrics } from "@opentelemetry/sdk-metrics";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import { afterEach, describe, expect, it } from "vitest";
import { delimited } from "../../test/wire-bytes.ts";
import type { OtlpRequest, SendOutcome } from "../delivery/sender.ts";
import { serializeOtlp } from "../otlp-requests.ts";
import { createWrappedSender, type WrappedSenderOptions } from "./wrapped-sender.ts";

type Done = (result: ExportResult) => void;
const LONG_MS = 60_000;
const SUCCESS: ExportResult = { code: ExportResultCode.SUCCESS };
const DELIVERED: SendOutcome = { kind: "delivered", rejected: 0 };
const CLOSED = { kind: "retry", failure: { code: "CLOSED" } };
const TIMEOUT = { kind: "retry", failure: { code: "TIMEOUT" } };

const resource = resourceFromAttributes({ "service.name": "bot" });
const time: [number, number] = [1_700_000_000, 5];
const requestOf = (bytes: Uint8Array, items = 1): OtlpRequest => ({ bytes, format: "protobuf", items });

function spanRequest(...names: string[]): OtlpRequest {
  const spans = names.map((name) => ({
    name,
    kind: 0,
    spanContext: () => ({ traceId: "1".repeat(32), spanId: "2".repeat(16), traceFlags: 1 }),
    startTime: time,
    endTime: time,
    status: { code: 0 },
    attributes: {},
    links: [],
    events: [],
    duration: [0, 0] as [number, number],
    ended: true,
    resource,
    instrumentationScope: { name: "test" },
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  }));
  return requestOf(serializeOtlp("traces", "protobuf", spans), spans.length);
}

function metricRequest(...services: string[]): OtlpRequest {
  const all = services.map((service): ResourceMetrics => {
    const point = { startTime: time, endTime: time, attributes: {}, value: 1 };
    const descriptor = { name: "ticks", description: "", unit: "1", valueType: 1 };
    const metric = { descriptor, aggregationTemporality: 0, dataPointType: 2 as const, dataPoints: [point] };
    const scopeMetrics = [{ scope: { name: "test" }, metrics: [metric] }];
    return { resource: resourceFromAttributes({ "service.name": service }), scopeMetrics };
  });
  const bytes = Buffer.concat(all.map((one) => serializeOtlp("metrics", "protobuf", one)));
  return requestOf(bytes, services.length);
}

/** A span exporter that does with each call what is given, and remembers the names of the spans. */
class ScriptedExporter {
  readonly calls: { readonly names: string; readonly done: Done }[] = [];
  readonly #script: (done: Done, spans: ReadableSpan[]) => unknown;
  shutdowns = 0;

  constructor(script: (done: Done, spans: ReadableSpan[]) => unknown) {
    this.#script = script;
  }

  export(spans: ReadableSpan[], done: Done): void {
    this.calls.push({ names: spans.map(({ name }) => name).join(), done });
    // An exporter may return something, whatever its interface says.
    return this.#script(done, spans) as never;
  }

  async shutdown(): Promise<void> {
    this.shutdowns++;
  }
}

function wrap(script: (done: Done, spans: ReadableSpan[]) => unknown, timeoutMs = LONG_MS) {
  const exporter = new ScriptedExporter(script);
  return { exporter, sender: createWrappedSender({ signal: "traces", exporter, timeoutMs }) };
}

const never = (): void => {};
const failing = (error: unknown) => (done: Done) => done({ code: ExportResultCode.FAILED, error: error as Error });
const afterMicrotasks = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("the result of an exporter", () => {
  it("that is a success means delivered", async () => {
    const { exporter, sender } = wrap((done) => done(SUCCESS));
    expect(await sender.send(spanRequest("a", "b"))).toEqual(DELIVERED);
    expect(exporter.calls.map(({ names }) => names)).toEqual(["a,b"]);
  });

  const withCode = (code: unknown): Error => Object.assign(new Error("said so"), { code });
  it.each([
    ...[408, 429, 502, 503, 504].map((code) => [code, "retry"] as const),
    [500, "server_error"],
    ...[301, 307, 400, 401, 403, 404, 413, 415, 501, 505].map((code) => [code, "rejected"] as const),
    ...[100, 200, 204].map((code) => [code, "retry"] as const),
  ] as const)("that failed with the number %s means %s", async (code, kind) => {
    const { sender } = wrap(failing(withCode(code)));
    expect(await sender.send(spanRequest("a"))).toEqual({ kind, failure: { status: code, message: "said so" } });
  });

  it.each([
    ["retry", [1, 4, 10, 11, 14, 15]],
    ["server_error", [2, 8, 13]],
    ["rejected", [3, 5, 6, 7, 9, 12, 16]],
  ] as const)("of a gRPC exporter means %s for the codes %j", async (kind, codes) => {
    for (const code of codes) {
      const { sender } = wrap(failing(withCode(code)));
      expect(await sender.send(spanRequest("a"))).toMatchObject({ kind, failure: { code: `GRPC_${code}` } });
    }
  });

  it("that failed with a number which is no code of HTTP or gRPC means later", async () => {
    for (const code of [0, -1, 1.5, 17, 99, 600, 503.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      const { sender } = wrap(failing(withCode(code)));
      const failure = { code: String(code), message: "said so" };
      expect(await sender.send(spanRequest("a"))).toEqual({ kind: "retry", failure });
    }
  });

  it("that names a system error, or nothing at all, means later", async () => {
    const outcomes: unknown[] = [];
    for (const error of [withCode("ECONNREFUSED"), new Error("queue full"), undefined, null, "no", {}]) {
      outcomes.push(await wrap(failing(error)).sender.send(spanRequest("a")));
    }
    expect(outcomes).toEqual([
      { kind: "retry", failure: { code: "ECONNREFUSED", message: "said so" } },
      { kind: "retry", failure: { code: "ERROR", message: "queue full" } },
      { kind: "retry", failure: { code: "ERROR", message: "the exporter gave no reason" } },
      { kind: "retry", failure: { code: "ERROR", message: "the exporter gave no reason" } },
      { kind: "retry", failure: { code: "ERROR", message: "no" } },
      { kind: "retry", failure: { code: "ERROR", message: "the exporter gave no reason" } },
    ]);
  });

  it("is quoted with the receiver's words, short, on one line and without secrets", async () => {
    const error = Object.assign(new Error("Bad Request"), {
      code: 400,
      data: `key\n at https://user:hunter2@host/?token=s3cr3t-s3cr3t ${"x".repeat(5_000)}`,
    });
    const outcome = await wrap(failing(error)).sender.send(spanRequest("a"));
    const { message } = (outcome as { failure: { message: string } }).failure;
    expect(message).toMatch(/^Bad Request: key at https:/);
    expect(message).not.toMatch(/hunter2|s3cr3t|\n/);
    expect(message.length).toBeLessThanOrEqual(200);
  });

  it("that is none, or throws when it is looked at, is worth few tries", async () => {
    const hostile = new Proxy({}, { get: () => throwing(new Error("do not look")) });
    for (const result of [undefined, null, hostile, { code: 1, error: hostile }]) {
      const { sender } = wrap((done) => done(result as never));
      expect(await sender.send(spanRequest("a"))).toMatchObject({ kind: "server_error" });
    }
  });

  it("counts once: a second one, and what is thrown after the first, change nothing", async () => {
    const { sender } = wrap((done) => {
      done(SUCCESS);
      failing(new Error("after all"))(done);
      throw new Error("and then");
    });
    expect(await sender.send(spanRequest("a"))).toEqual(DELIVERED);
  });
});

describe("an exporter that throws", () => {
  it.each([
    ["at once", () => throwing(new TypeError("cannot write this"))],
    ["as an async function", () => Promise.reject(new TypeError("cannot write this"))],
  ])("%s is tried few times, and nothing reaches the host", async (_, script) => {
    const failure = { code: "EXPORTER_THREW", message: "cannot write this" };
    expect(await wrap(script).sender.send(spanRequest("a"))).toEqual({ kind: "server_error", failure });
  });

  it("something that is no error is told as far as it can be", async () => {
    const hostile = Object.defineProperty({}, "message", { get: () => throwing(new Error("no")) });
    const { sender } = wrap(() => throwing(hostile));
    const failure = { code: "EXPORTER_THREW", message: "the exporter's error cannot be read" };
    expect(await sender.send(spanRequest("a"))).toEqual({ kind: "server_error", failure });
  });
});

describe("an exporter that does not answer", () => {
  it("has failed after the timeout, and its late answer changes nothing", async () => {
    const { exporter, sender } = wrap(never, 5);
    expect(await sender.send(spanRequest("late"))).toMatchObject(TIMEOUT);
    exporter.calls[0]?.done(SUCCESS);
    const second = sender.send(spanRequest("second"));
    exporter.calls[0]?.done(SUCCESS);
    expect(await second).toMatchObject(TIMEOUT);
    expect(exporter.calls.map(({ names }) => names)).toEqual(["late", "second"]);
  });

  it("lets a program that is through end", async () => {
    const program = `
      import { createWrappedSender } from ${JSON.stringify(new URL("./wrapped-sender.ts", import.meta.url).href)};
      const exporter = { export: () => process.stdout.write("called"), shutdown: () => new Promise(() => {}) };
      const sender = createWrappedSender({ signal: "traces", exporter, timeoutMs: 60_000 });
      sender.send({ bytes: Buffer.from(${JSON.stringify(Buffer.from(spanRequest("a").bytes).toString("hex"))}, "hex"), format: "protobuf", items: 1 });
      setImmediate(() => sender.shutdown());
    `;
    const node = ["--conditions=@tracebook/source", "--input-type=module", "-e", program];
    // Ends a program that is kept, so that a failure leaves nothing running.
    const { stdout } = await promisify(execFile)(process.execPath, node, { timeout: 20_000 });
    expect(stdout).toBe("called");
  });
});

describe("requests at the same time", () => {
  it("reach the exporter one after the other", async () => {
    const { exporter, sender } = wrap(never);
    const sent = ["a", "b", "c"].map((name) => sender.send(spanRequest(name)));
    for (const name of ["a", "b", "c"]) {
      await afterMicrotasks();
      expect(exporter.calls.at(-1)?.names).toBe(name);
      exporter.calls.at(-1)?.done(SUCCESS);
    }
    expect(await Promise.all(sent)).toEqual([DELIVERED, DELIVERED, DELIVERED]);
    expect(exporter.calls).toHaveLength(3);
  });

  it("that wait too long for one that hangs are not begun", async () => {
    const { exporter, sender } = wrap(never, 5);
    const outcomes = await Promise.all(["hangs", "waits", "waits too"].map((name) => sender.send(spanRequest(name))));
    for (const outcome of outcomes) expect(outcome).toMatchObject(TIMEOUT);
    await afterMicrotasks();
    expect(exporter.calls.map(({ names }) => names)).toEqual(["hangs"]);
  });

  it("that waited have their whole time once it is their turn", async () => {
    const [hangs, waits] = [never, (done: Done) => setTimeout(() => done(SUCCESS), 60)];
    const { exporter, sender } = wrap((done) => (exporter.calls.length === 1 ? hangs() : waits(done)), 80);
    const first = sender.send(spanRequest("hangs"));
    const start = performance.now();
    // So that not even half of the time would be left to it.
    while (performance.now() - start < 30) await afterMicrotasks();
    const second = sender.send(spanRequest("waits"));
    expect(await first).toMatchObject(TIMEOUT);
    expect(await second).toEqual(DELIVERED);
  });
});

describe("what an exporter does", () => {
  afterEach(() => context.disable());

  it("is not traced, and knows nothing of what is going on around it", async () => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    const key = createContextKey("tick");
    const seen: unknown[] = [];
    const look = (): unknown => seen.push([isTracingSuppressed(context.active()), context.active().getValue(key)]);
    const { exporter, sender } = wrap((done) => {
      look();
      queueMicrotask(() => {
        look();
        done(SUCCESS);
      });
    });
    exporter.shutdown = async () => void look();
    await context.with(context.active().setValue(key, "of this tick"), async () => {
      await sender.send(spanRequest("a"));
      await sender.shutdown();
    });
    expect(seen).toEqual([
      [true, undefined],
      [true, undefined],
      [true, undefined],
    ]);
  });
});

describe("metrics of several resources", () => {
  class MetricExporter {
    readonly services: unknown[] = [];
    readonly #failing: string;
    isBusy = false;
    constructor(failingService: string) {
      this.#failing = failingService;
    }
    export({ resource: { attributes } }: ResourceMetrics, done: Done): void {
      expect(this.isBusy).toBe(false);
      this.isBusy = true;
      this.services.push(attributes["service.name"]);
      const isFailing = attributes["service.name"] === this.#failing;
      setImmediate(() => {
        this.isBusy = false;
        done(
          isFailing ? { code: ExportResultCode.FAILED, error: Object.assign(new Error("no"), { code: 400 }) } : SUCCESS,
        );
      });
    }
    async forceFlush(): Promise<void> {}
    async shutdown(): Promise<void> {}
  }

  it("are exported one after the other, and the first failure decides", async () => {
    const outcomes: unknown[] = [];
    const exporters = ["none", "b"].map((name) => new MetricExporter(name));
    for (const exporter of exporters) {
      const sender = createWrappedSender({ signal: "metrics", exporter, timeoutMs: LONG_MS });
      outcomes.push((await sender.send(metricRequest("a", "b", "c"))).kind);
    }
    expect(outcomes).toEqual(["delivered", "rejected"]);
    expect(exporters.map(({ services }) => services.join())).toEqual(["a,b,c", "a,b"]);
  });
});

describe("a request", () => {
  it.each([
    ["whose bytes are damaged", requestOf(spanRequest("a").bytes.subarray(0, -3)), /The bytes end too early/],
    ["of JSON", { bytes: Buffer.from("{}"), format: "json", items: 1 }, /JSON/],
  ] as const)("%s is refused, and the exporter hears nothing of it", async (_, request, message) => {
    const { exporter, sender } = wrap((done) => done(SUCCESS));
    const failure = { code: "UNREADABLE", message: expect.stringMatching(message) };
    expect(await sender.send(request)).toEqual({ kind: "rejected", failure });
    expect(await sender.send(spanRequest("b"))).toEqual(DELIVERED);
    expect(exporter.calls.map(({ names }) => names)).toEqual(["b"]);
  });

  it("without items is delivered without the exporter", async () => {
    const { exporter, sender } = wrap((done) => done(SUCCESS));
    expect(await sender.send(requestOf(new Uint8Array(0), 0))).toEqual(DELIVERED);
    expect(exporter.calls).toEqual([]);
  });

  it("with data points that the SDK has no objects for is counted as not taken in whole", async () => {
    const exporter = { export: (_: unknown, done: Done) => done(SUCCESS), forceFlush: never, shutdown: never } as never;
    const sender = createWrappedSender({ signal: "metrics", exporter, timeoutMs: LONG_MS });
    // Metric.summary is field 11.
    const summary = delimited(2, delimited(2, delimited(1, Buffer.from("rpc")), delimited(11, delimited(1))));
    const bytes = Buffer.concat([metricRequest("a").bytes, delimited(1, summary)]);
    expect(await sender.send(requestOf(bytes, 2))).toMatchObject({ kind: "delivered", rejected: 1 });
  });
});

describe("a sender that is closed", () => {
  it("ends what is under way and what waits, and takes nothing more", async () => {
    const { exporter, sender } = wrap(never);
    const sent = ["under way", "waits"].map((name) => sender.send(spanRequest(name)));
    await afterMicrotasks();
    sender.close();
    for (const one of [...sent, sender.send(spanRequest("comes later"))]) expect(await one).toMatchObject(CLOSED);
    exporter.calls[0]?.done(SUCCESS);
    await afterMicrotasks();
    expect(exporter.calls.map(({ names }) => names)).toEqual(["under way"]);
    expect(exporter.shutdowns).toBe(0);
  });
});

describe("a shutdown", () => {
  it("is passed on once, and lets the exporter finish what it is at", async () => {
    const { exporter, sender } = wrap(never);
    const sent = ["under way", "waits"].map((name) => sender.send(spanRequest(name)));
    await afterMicrotasks();
    exporter.shutdown = async () => {
      exporter.shutdowns++;
      exporter.calls[0]?.done(SUCCESS);
    };
    await Promise.all([sender.shutdown(), sender.shutdown()]);
    expect(await sent[0]).toEqual(DELIVERED);
    expect(await sent[1]).toMatchObject(CLOSED);
    expect(await sender.send(spanRequest("comes later"))).toMatchObject(CLOSED);
    expect(exporter.shutdowns).toBe(1);
    expect(exporter.calls).toHaveLength(1);
  });

  it.each([
    ["never ends", () => new Promise<void>(() => {})],
    ["throws", () => throwing(new Error("no"))],
    ["rejects", () => Promise.reject(new Error("no"))],
    ["is not there", undefined],
  ])("of an exporter whose own %s ends all the same, with what is under way", async (_, shutdown) => {
    const exporter = { export: never, shutdown } as never;
    const sender = createWrappedSender({ signal: "traces", exporter, timeoutMs: 20 });
    const sent = sender.send(spanRequest("a"));
    await expect(sender.shutdown()).resolves.toBeUndefined();
    expect((await sent).kind).toBe("retry");
  });
});

describe("the destination", () => {
  it("is the name of the exporter's class, or what is given", () => {
    class ZipkinExporter extends ScriptedExporter {}
    const exporter = new ZipkinExporter(never);
    const options = { signal: "traces", exporter, timeoutMs: LONG_MS } as const;
    expect(createWrappedSender(options).destination).toBe("ZipkinExporter");
    expect(createWrappedSender({ ...options, destination: "zipkin:9411" }).destination).toBe("zipkin:9411");
    for (const nameless of [{ export: never }, Object.assign(Object.create(null), { export: never })])
      expect(createWrappedSender({ ...options, exporter: nameless as never }).destination).toBe("exporter");
  });
});

describe("wrong options", () => {
  it.each([
    [{ signal: "spans" }, "signal is spans"],
    [{ signal: "__proto__" }, "signal is __proto__"],
    [{ exporter: undefined }, "exporter has no method export"],
    [{ exporter: {} }, "exporter has no method export"],
    [{ timeoutMs: 0 }, "timeoutMs is 0, not a whole number from 1 to 600000"],
    [{ timeoutMs: Number.NaN }, "timeoutMs is NaN"],
    [{ timeoutMs: 2 ** 31 }, "timeoutMs is 2147483648"],
  ])("%j are refused at once", (wrong, message) => {
    const right = { signal: "traces", exporter: new ScriptedExporter(never), timeoutMs: LONG_MS };
    expect(() => createWrappedSender({ ...right, ...wrong } as WrappedSenderOptions<"traces">)).toThrow(message);
  });
});

function throwing(error: unknown): never {
  throw error;
}
