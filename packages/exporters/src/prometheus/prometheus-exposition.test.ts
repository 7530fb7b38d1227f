// Scrapes over real HTTP: hostile, slow and broken ones, OpenTelemetry's own metrics beside ours, work in turns.
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { AggregationType, MeterProvider, MetricReader } from "@opentelemetry/sdk-metrics";
import { createMetricRegistry, defineMetric, type MetricRegistry } from "@tracebook/metrics";
import { afterEach, describe, expect, it } from "vitest";
import { readMetricFamilies } from "../../test/metric-family-protobuf.ts";
import { ACCEPT, type ScrapeServer, startScrapeServer } from "../../test/scrape-server.ts";
import { parseStrictly } from "../../test/strict-exposition.ts";
import type { ExpositionProblem } from "./family-plan.ts";
import type { PrometheusExpositionOptions } from "./prometheus-exposition.ts";

let server: ScrapeServer;
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await server.close();
});

async function serve(options: PrometheusExpositionOptions): Promise<ScrapeServer> {
  server = await startScrapeServer(options);
  return server;
}

function small(): MetricRegistry {
  const registry = createMetricRegistry();
  registry
    .counter(defineMetric({ name: "trades_total", kind: "counter", unit: "1", labels: ["symbol"], help: "Trades." }))
    .add(2, { symbol: "BTC/USDT" });
  return registry;
}

/** A registry whose answer is much more than what sockets take at once. */
function large(): MetricRegistry {
  const registry = createMetricRegistry({ maxSeriesPerMetric: 100_000, maxValuesPerLabel: 10_000 });
  const labels = ["a", "b"] as const;
  const bounds = Array.from({ length: 50 }, (_, i) => i + 1);
  const histogram = registry.histogram(
    defineMetric({ name: "large_seconds", kind: "histogram", unit: "s", labels, help: "Large.", bounds }),
  );
  for (let i = 0; i < 4_000; i++) histogram.record(i % 60, { a: `${i % 100}`, b: `${i}` });
  return registry;
}

function open(): Promise<Socket> {
  const socket = connect(server.port, "127.0.0.1");
  socket.on("error", () => {});
  sockets.push(socket);
  return once(socket, "connect").then(() => socket);
}

/** Sends bytes as they are and returns all that comes back until the other side ends, or says `until`. */
async function send(bytes: string | Buffer, until?: string): Promise<string> {
  const socket = await open();
  let said = "";
  socket.write(bytes);
  await new Promise<void>((resolve) => {
    socket.on("close", resolve);
    socket.on("end", resolve);
    socket.on("data", (chunk: Buffer) => {
      said += chunk.toString("latin1");
      if (until !== undefined && said.includes(until)) resolve();
    });
  });
  return said;
}

class Reader extends MetricReader {
  constructor() {
    super({ aggregationSelector: () => ({ type: AggregationType.DEFAULT }) });
  }
  protected override onForceFlush = () => Promise.resolve();
  protected override onShutdown = () => Promise.resolve();
}

function meters(): { provider: MeterProvider; collect: PrometheusExpositionOptions["collect"] } {
  const reader = new Reader();
  const resource = resourceFromAttributes({ "service.name": "bot", "process.argv": ["a", "b"] });
  const provider = new MeterProvider({ resource, readers: [reader] });
  return { provider, collect: () => reader.collect({ timeoutMillis: 200 }) };
}

describe("a scrape", () => {
  it.each([
    ["text", "text/plain; version=0.0.4; charset=utf-8"],
    ["openmetrics", "application/openmetrics-text; version=1.0.0; charset=utf-8"],
    ["protobuf", "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited"],
  ] as const)("in %s says so, to HEAD as well, which gets no body", async (format, contentType) => {
    const { url } = await serve({ registry: small() });
    const headers = { accept: ACCEPT[format] };
    const got = await fetch(url, { headers });
    const head = await fetch(url, { headers, method: "HEAD" });
    expect([got, head].map((answer) => [answer.status, answer.headers.get("content-type")])).toEqual(
      Array(2).fill([200, contentType]),
    );
    expect((await got.arrayBuffer()).byteLength).toBeGreaterThan(20);
    expect((await head.arrayBuffer()).byteLength).toBe(0);
  });

  it("has exemplars and an end in OpenMetrics alone", async () => {
    const registry = small();
    const histogram = registry.histogram(
      defineMetric({ name: "lag_seconds", kind: "histogram", unit: "s", labels: [], help: "Lag.", bounds: [1] }),
    );
    const bound = histogram.bind();
    bound.record(0.5);
    bound.noteExemplar(0.5, 1_700_000_000_000, { trace0: 1, trace1: 0, trace2: 0, trace3: 10, span0: 0, span1: 2 });
    await serve({ registry });
    const openMetrics = await server.text(ACCEPT.openmetrics);
    expect(openMetrics).toContain(
      'le="1.0"} 1 # {trace_id="0000000100000000000000000000000a",span_id="0000000000000002"} 0.5 1700000000.000\n',
    );
    expect(openMetrics.endsWith("# EOF\n")).toBe(true);
    expect(await server.text()).not.toMatch(/trace_id|EOF/);
  });

  it("of an empty registry is a valid one", async () => {
    await serve({ registry: createMetricRegistry() });
    expect([await server.text(), await server.text(ACCEPT.openmetrics)]).toEqual(["", "# EOF\n"]);
    expect(await server.bytes(ACCEPT.protobuf)).toHaveLength(0);
  });

  it("leaves the event loop to others while it is written: timers run in between", async () => {
    await serve({ registry: large() });
    let turns = 0;
    const answer = server.bytes(ACCEPT.openmetrics);
    let isOver = false;
    const count = (): void => {
      turns++;
      if (!isOver) setImmediate(count);
    };
    count();
    const bytes = await answer;
    isOver = true;
    expect(bytes.length).toBeGreaterThan(4_000_000);
    // 4,000 series of 53 lines are more than ten milliseconds of work on any machine.
    expect(turns).toBeGreaterThan(10);
    expect(parseStrictly(bytes.toString("utf8"), true).get("large_seconds")?.samples).toHaveLength(4_000 * 53);
  });
});

describe("OpenTelemetry's own metrics", () => {
  it("stand beside ours under their names, without scope labels, with the resource as target_info", async () => {
    const { provider, collect } = meters();
    const meter = provider.getMeter("host", "1.2.3");
    meter
      .createCounter("http.client.calls", { description: "Calls." })
      .add(2, { "http.route": "/x", n: 3, list: ["a"] });
    meter.createCounter("jobs_total").add(1);
    meter.createUpDownCounter("open.sockets").add(-2);
    meter.createGauge("temperature").record(1.5);
    meter.createHistogram("db.time", { unit: "s", advice: { explicitBucketBoundaries: [1, 2] } }).record(1.5);
    await serve({ registry: small(), collect });
    const families = parseStrictly(await server.text(), false);
    expect(Object.fromEntries([...families].map(([name, { type }]) => [name, type]))).toEqual({
      target_info: "gauge",
      trades_total: "counter",
      http_client_calls: "counter",
      jobs_total: "counter",
      open_sockets: "gauge",
      temperature: "gauge",
      db_time: "histogram",
    });
    expect(families.get("target_info")?.samples[0]?.labels).toMatchObject({
      service_name: "bot",
      process_argv: '["a","b"]',
    });
    expect(families.get("http_client_calls")).toMatchObject({
      help: "Calls.",
      samples: [{ labels: { http_route: "/x", n: "3", list: '["a"]' }, value: 2 }],
    });
    expect(families.get("db_time")?.samples.map(({ value }) => value)).toEqual([0, 1, 1, 1.5, 1]);
    const openMetrics = parseStrictly(await server.text(ACCEPT.openmetrics), true);
    expect([openMetrics.get("http_client_calls")?.type, openMetrics.get("jobs")?.type]).toEqual(["unknown", "counter"]);
  });

  it("of two scopes with one name and the same labels add up: no series comes twice and no count is lost", async () => {
    const { provider, collect } = meters();
    const problems: ExpositionProblem[] = [];
    for (const scope of ["http", "undici"]) {
      const meter = provider.getMeter(scope);
      meter.createCounter("calls_total").add(2, { to: "a" });
      meter.createHistogram("call.duration", { advice: { explicitBucketBoundaries: [1, 2] } }).record(1.5, { to: "a" });
      meter.createGauge("level").record(scope === "http" ? 1 : 2);
      meter.createCounter(`other_${scope}`).add(1);
    }
    await serve({ registry: createMetricRegistry(), collect, onProblem: (problem) => problems.push(problem) });
    const families = parseStrictly(await server.text(), false);
    expect(families.get("calls_total")?.samples.map(({ value }) => value)).toEqual([4]);
    expect(families.get("call_duration")?.samples.map(({ value }) => value)).toEqual([0, 2, 2, 3, 2]);
    expect(families.get("level")?.samples.map(({ value }) => value)).toEqual([1]);
    await server.text();
    expect(problems.map(({ code, metric }) => [code, metric])).toEqual([["series_conflict", "level"]]);
  });

  it("that take one of our names give way, and that is told once", async () => {
    const { provider, collect } = meters();
    const problems: ExpositionProblem[] = [];
    provider.getMeter("host").createGauge("trades.total").record(7);
    await serve({ registry: small(), collect, onProblem: (problem) => problems.push(problem) });
    for (const format of ["text", "openmetrics", "text"] as const) await server.text(ACCEPT[format]);
    expect(parseStrictly(await server.text(), false).get("trades_total")).toMatchObject({
      type: "counter",
      samples: [{ labels: { symbol: "BTC/USDT" }, value: 2 }],
    });
    expect(problems.map(({ code, metric }) => [code, metric])).toEqual([["name_conflict", "trades.total"]]);
  });

  it("whose callbacks throw or never come back cost themselves alone", async () => {
    const { provider, collect } = meters();
    const problems: ExpositionProblem[] = [];
    const meter = provider.getMeter("host");
    meter.createCounter("good_total").add(1);
    meter.createObservableGauge("bad").addCallback(() => {
      throw new Error("broken callback");
    });
    meter.createObservableGauge("stuck").addCallback(() => new Promise(() => {}));
    await serve({ registry: small(), collect, onProblem: (problem) => problems.push(problem) });
    for (let i = 0; i < 2; i++)
      expect([...parseStrictly(await server.text(), false).keys()]).toEqual([
        "target_info",
        "trades_total",
        "good_total",
      ]);
    expect(problems.map(({ code }) => code)).toEqual(["collect_failed", "collect_failed"]);
    expect(problems.map(({ message }) => message).join()).toContain("broken callback");
  });

  it("that cannot be collected at all leave ours", async () => {
    await serve({ registry: small(), collect: () => Promise.reject(new Error("no reader")), onProblem: () => {} });
    expect([...parseStrictly(await server.text(), false).keys()]).toEqual(["trades_total"]);
  });

  it("that are collected are so once for all scrapes that wait", async () => {
    let collections = 0;
    let release = (): void => {};
    const { collect } = meters();
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const counted = async () => {
      collections++;
      await gate;
      return collect!();
    };
    await serve({ registry: small(), collect: counted });
    const texts = Promise.all([server.text(), server.text(ACCEPT.openmetrics), server.text()]);
    await poll(() => collections > 0);
    // All three are in: the server has answered a fourth request on a connection made after theirs.
    await fetch(server.url, { method: "HEAD" });
    release();
    expect((await texts).every((text) => text.includes("trades_total"))).toBe(true);
    expect(collections).toBe(1);
  });

  it("exponential ones are native in protobuf, and honest in text", async () => {
    const reader = new (class extends Reader {
      override selectAggregation() {
        return { type: AggregationType.EXPONENTIAL_HISTOGRAM } as const;
      }
    })();
    const provider = new MeterProvider({ readers: [reader] });
    const histogram = provider.getMeter("host").createHistogram("lag");
    for (const value of [0, 0.5, 1, 3]) histogram.record(value);
    await serve({ registry: createMetricRegistry(), collect: () => reader.collect() });
    expect(
      parseStrictly(await server.text(), false)
        .get("lag")
        ?.samples.map(({ value }) => value),
    ).toEqual([4, 4.5, 4]);
    const lag = readMetricFamilies(await server.bytes(ACCEPT.protobuf)).find(({ name }) => name === "lag");
    const { schema = Number.NaN, zeroCount, positive } = lag?.metrics[0]?.histogram ?? {};
    expect(zeroCount).toBe(1);
    expect([...(positive ?? [])].map(([index, count]) => [2 ** (index / 2 ** schema), count])).toEqual([
      [0.5, 1],
      [1, 1],
      [expect.closeTo(3, 1), 1],
    ]);
  });
});

describe("malformed and hostile requests", () => {
  it.each<[string, string | Buffer, RegExp]>([
    ["no HTTP at all", "hello\r\n\r\n", /^HTTP\/1\.1 400 /],
    ["bytes of nothing", Buffer.alloc(2_000, 0xff), /^HTTP\/1\.1 400 /],
    ["a URL that is none", "GET //[::1 HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n", /^HTTP\/1\.1 200 /],
    [
      "a URL with escapes that are none",
      "GET /%zz%00%ff?x=%a HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n",
      /^HTTP\/1\.1 200 /,
    ],
    [
      "a URL of another host",
      "GET http://evil.example/ HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n",
      /^HTTP\/1\.1 200 /,
    ],
    ["the asterisk", "OPTIONS * HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n", /^HTTP\/1\.1 405 /],
    [
      "a method that writes",
      "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 3\r\nconnection: close\r\n\r\nabc",
      /^HTTP\/1\.1 405 /,
    ],
    ["a method of no name", "BREW / HTTP/1.1\r\nhost: x\r\n\r\n", /^HTTP\/1\.1 400 /],
    ["a tunnel", "CONNECT x:1 HTTP/1.1\r\nhost: x\r\n\r\n", /^$/],
    ["no host", "GET / HTTP/1.1\r\nconnection: close\r\n\r\n", /^HTTP\/1\.1 400 /],
    [
      "another protocol",
      "GET / HTTP/1.1\r\nhost: x\r\nupgrade: websocket\r\nconnection: upgrade, close\r\n\r\n",
      /^HTTP\/1\.1 200 /,
    ],
    [
      "an Expect that nobody meets",
      "GET / HTTP/1.1\r\nhost: x\r\nexpect: the-moon\r\nconnection: close\r\n\r\n",
      /^HTTP\/1\.1 417 /,
    ],
    ["64 KiB of headers", `GET / HTTP/1.1\r\nhost: x\r\nbaggage: ${"a=b,".repeat(16_384)}\r\n\r\n`, /^HTTP\/1\.1 431 /],
    [
      "an Accept of 10,000 types",
      `GET / HTTP/1.1\r\nhost: x\r\naccept: ${"a/b;q=1,".repeat(1_200)}\r\nconnection: close\r\n\r\n`,
      /^HTTP\/1\.1 200 /,
    ],
    [
      "an Accept of bytes",
      "GET / HTTP/1.1\r\nhost: x\r\naccept: \x80\xff;q=\xe9;;=,\r\nconnection: close\r\n\r\n",
      /^HTTP\/1\.1 200 /,
    ],
    ["two lengths", "GET / HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n", /^HTTP\/1\.1 400 /],
    [
      "a body beside a length (smuggling)",
      "GET / HTTP/1.1\r\nhost: x\r\ncontent-length: 4\r\ntransfer-encoding: chunked\r\n\r\n",
      /^HTTP\/1\.1 400 /,
    ],
    ["HTTP/1.0", "GET / HTTP/1.0\r\n\r\n", /^HTTP\/1\.1 200 /],
  ])("%s harms nothing", async (_what, bytes, answer) => {
    await serve({ registry: small() });
    expect(await send(bytes)).toMatch(answer);
    expect(await server.text()).toContain("trades_total");
  });

  it("a hundred requests in one write are answered in order or refused, and the next is served", async () => {
    await serve({ registry: small() });
    const request = "GET /metrics HTTP/1.1\r\nhost: x\r\n\r\n";
    const said = await send(`${request.repeat(99)}${request.replace("\r\n\r\n", "\r\nconnection: close\r\n\r\n")}`);
    expect(said.match(/^HTTP\/1\.1 (?:200|503) /gm)).toHaveLength(100);
    expect(await server.text()).toContain("trades_total");
  });

  it("half a request, then silence, is no scrape", async () => {
    await serve({ registry: small(), maxScrapes: 1 });
    const socket = await open();
    socket.write("GET /metrics HTTP/1.1\r\nhost: x\r\n");
    expect(await server.text()).toContain("trades_total");
  });

  it("a handler that is given something broken does not throw", async () => {
    await serve({ registry: small() });
    const response = { destroy: () => {}, on: () => {}, once: () => {}, off: () => {} };
    expect(() => server.exposition.handle({ method: "GET", headers: {} } as never, response as never)).not.toThrow();
    expect(() => server.exposition.handle({} as never, response as never)).not.toThrow();
  });
});

describe("a scraper that does not read", () => {
  const request = "GET /metrics HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";

  /** A connection that asks and then reads nothing more than what fits into the sockets. */
  async function stall(): Promise<Socket> {
    const socket = await open();
    socket.pause();
    socket.write(request);
    return socket;
  }

  it("is cut after the deadline, in the middle: half an answer is not taken for a whole one", async () => {
    await serve({ registry: large(), deadlineMs: 300 });
    const socket = await stall();
    let said = "";
    socket.on("data", (chunk: Buffer) => {
      said += chunk.toString("latin1");
    });
    socket.pause();
    // Another one that is served shows that time has passed: the deadline of the first is over when it is cut.
    const closed = once(socket, "close");
    await poll(() => socket.bytesRead > 0);
    const waited = performance.now();
    await poll(() => performance.now() - waited > 400);
    socket.resume();
    await closed;
    expect(said).toMatch(/^HTTP\/1\.1 200 /);
    // The last chunk of a whole answer.
    expect(said.endsWith("\r\n0\r\n\r\n")).toBe(false);
  });

  it("makes room when others want to scrape: the one that has stood still longest is cut", async () => {
    await serve({ registry: large(), maxScrapes: 2, deadlineMs: 600_000 });
    const first = await stall();
    await poll(() => first.bytesRead > 0);
    const second = await stall();
    await poll(() => second.bytesRead > 0);
    // Each finds room once the two are seen not to read, though they never go by themselves.
    for (let i = 0; i < 3; i++) await poll(async () => (await server.text()).includes("large_seconds_count"));
  });

  it("costs no more memory than a piece of the answer", async () => {
    await serve({ registry: large(), maxScrapes: 100 });
    const stalled = await Promise.all(Array.from({ length: 20 }, stall));
    for (const socket of stalled) await poll(() => socket.bytesRead > 0);
    // While they stand still, others are served.
    expect(await server.text()).toContain("large_seconds_count");
    const waiting = server.responses.slice(0, stalled.length);
    // What a socket takes before it says so, and one piece more; a whole answer is above 10 MB.
    for (const { writableLength } of waiting) expect(writableLength).toBeLessThan(100_000);
    expect(waiting.some(({ writableNeedDrain }) => writableNeedDrain)).toBe(true);
  });

  it("that leaves ends the work", async () => {
    let reads = 0;
    const registry = large();
    const [reading] = registry.read();
    const pointAt = (series: number): unknown => {
      reads++;
      return reading!.pointAt(series);
    };
    const counting = { ...reading!, pointAt };
    await serve({ registry: { read: () => [counting as never] } });
    const socket = await stall();
    await poll(() => socket.bytesRead > 0);
    socket.destroy();
    let before = -1;
    await poll(async () => {
      const same = reads === before;
      before = reads;
      await new Promise((resolve) => setTimeout(resolve, 20));
      return same;
    });
    expect(reads).toBeLessThan(4_000);
  });
});

describe("the end", () => {
  it("cuts what runs and refuses what comes", async () => {
    await serve({ registry: large() });
    const socket = await open();
    socket.pause();
    socket.write("GET /metrics HTTP/1.1\r\nhost: x\r\n\r\n");
    await poll(() => socket.bytesRead > 0);
    server.exposition.close();
    const closed = once(socket, "close");
    socket.resume();
    await closed;
    expect((await fetch(server.url)).status).toBe(503);
  });

  it.each([
    ["deadlineMs", 99],
    ["deadlineMs", Number.NaN],
    ["maxScrapes", 0],
    ["maxScrapes", 1.5],
  ])("%s of %d is refused at once, by name and range", async (name, value) => {
    await serve({ registry: small() });
    await expect(async () => {
      const wrong = await startScrapeServer({ registry: small(), [name]: value });
      await wrong.close();
    }).rejects.toThrow(new RegExp(`${name} is ${value}, not a whole number from`));
  });
});

async function poll(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (!(await isTrue())) {
    if (performance.now() > deadline) throw new Error("waited in vain");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
