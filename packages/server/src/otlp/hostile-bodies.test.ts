// Case 48: bodies that are too large, too slow, never end, or are not what they say; while a good client goes on.
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { rawRequest, sendRaw } from "../../test/raw-request.ts";
import { sharedDesk } from "../../test/shared-desk.ts";
import { stockRequests } from "../../test/stock-requests.ts";
import { openTestDesk, until } from "../../test/test-desk.ts";
import { LISTEN_LIMITS } from "../http/listener.ts";
import { BODY_LIMITS } from "./otlp-body.ts";

const MIB = 1_048_576;
const shared = sharedDesk();

/** A desk that has little patience. */
const impatient = () =>
  openTestDesk(
    {},
    {
      body: { ...BODY_LIMITS, timeoutMs: 700 },
      listen: { ...LISTEN_LIMITS, headersMs: 800, requestMs: 2_000, checkMs: 100 },
    },
  );

const head = (headers: readonly string[], url = shared.desk.url) =>
  rawRequest("POST", "/v1/logs", [
    `Host: localhost:${new URL(url).port}`,
    "Content-Type: application/json",
    ...headers,
  ]);

/** The good client: what it sent, and whether anything was refused. */
const good = { sent: 0, refused: 0, longestMs: 0 };
let isRunning = true;
let goodClient: Promise<void> | undefined;

beforeAll(async () => {
  const body = new Uint8Array((await stockRequests()).metrics.protobuf);
  goodClient = (async () => {
    while (isRunning) {
      const startMs = performance.now();
      const answer = await fetch(`${shared.desk.url}/v1/metrics`, {
        method: "POST",
        headers: { "content-type": "application/x-protobuf" },
        body,
      });
      await answer.arrayBuffer();
      good.sent++;
      good.longestMs = Math.max(good.longestMs, performance.now() - startMs);
      if (answer.status !== 200) good.refused++;
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  })();
});

afterAll(async () => {
  isRunning = false;
  await goodClient;
});

/** The good client is served after it, too. */
async function expectServed(): Promise<void> {
  const { sent } = good;
  await until(() => good.sent > sent + 1);
  expect(good.refused).toBe(0);
}

/** A gigabyte of zeros, packed to a thousandth: members that follow each other are one stream. */
function bomb(): Buffer {
  const member = gzipSync(Buffer.alloc(64 * MIB));
  return Buffer.concat(Array.from({ length: 16 }, () => member));
}

test("a body that says that it is too large is refused before it is read", async () => {
  for (const length of [4 * MIB + 1, 2 ** 31, 1_073_741_824, 2 ** 53]) {
    const answer = await sendRaw(shared.desk.url, head([`Content-Length: ${length}`]));
    expect([length, answer.status]).toEqual([length, 413]);
  }
  await expectServed();
});

test("a body without an end is cut at the limit", async () => {
  const piece = `10000\r\n${"x".repeat(65_536)}\r\n`;
  let sent = 0;
  const answer = await sendRaw(shared.desk.url, head(["Transfer-Encoding: chunked"]), {
    more: (write, onDrain) => {
      const go = (): void => {
        sent += 65_536;
        if (sent > 200 * MIB) return;
        if (write(piece)) setImmediate(go);
        else onDrain(go);
      };
      go();
    },
  });
  expect(answer.status).toBe(413);
  // The rest is thrown away for a moment, and then the connection is ended.
  expect(sent).toBeLessThan(200 * MIB);
  await expectServed();
});

test("a gigabyte in a megabyte is not unpacked: 413, and memory stays where it was", async () => {
  const body = bomb();
  expect(body.byteLength).toBeLessThan(1.1 * MIB);
  globalThis.gc?.();
  const before = process.memoryUsage().rss;
  let peak = before;
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().rss);
  }, 1);
  for (let i = 0; i < 3; i++) {
    const answer = await fetch(`${shared.desk.url}/v1/logs`, {
      method: "POST",
      headers: { "content-type": "application/json", "content-encoding": "gzip" },
      body: new Uint8Array(body),
    });
    expect(answer.status).toBe(413);
    expect(((await answer.json()) as { message: string }).message).toContain("16 MiB unpacked");
  }
  clearInterval(watch);
  // The runner has its own life in this process: the exact figure is measured by itself (see bench).
  expect((peak - before) / MIB).toBeLessThan(160);
  await expectServed();
});

test("a body that comes a byte at a time is given up", async () => {
  const { url } = (await impatient()).desk;
  let timer: NodeJS.Timeout | undefined;
  const answer = await sendRaw(url, head(["Content-Length: 1000"], url), {
    more: (write) => {
      timer = setInterval(() => write("x"), 50);
    },
  });
  clearInterval(timer);
  expect(answer.status).toBe(408);
  expect(answer.body).toContain("did not arrive within 0.7 s");
  await expectServed();
});

test("a head that comes a line at a time is given up", async () => {
  const { url } = (await impatient()).desk;
  let timer: NodeJS.Timeout | undefined;
  const answer = await sendRaw(url, "POST /v1/logs HTTP/1.1\r\nHost: localhost\r\n", {
    untilEnd: true,
    more: (write) => {
      timer = setInterval(() => write("X-Slow: 1\r\n"), 50);
    },
  });
  clearInterval(timer);
  expect(answer.isEnded).toBe(true);
  expect([408, 0]).toContain(answer.status);
  await expectServed();
});

test("a body that ends before its length leaves nothing behind", async () => {
  const requests = async () => (await shared.get("/api/telemetry/health")).json.signals.logs.refused_requests;
  const cutOff = (await requests()).cut_off ?? 0;
  const { connect } = await import("node:net");
  const { hostname, port } = new URL(shared.desk.url);
  const socket = connect(Number(port), hostname, () => {
    socket.write(`${head(["Content-Length: 1000"])}half`);
    setTimeout(() => socket.destroy(), 50);
  });
  await until(async () => ((await requests()).cut_off ?? 0) > cutOff);
  await expectServed();
});

test("a head that is too large is refused", async () => {
  const answer = await sendRaw(shared.desk.url, head([`X-Large: ${"x".repeat(20_000)}`, "Content-Length: 2"]));
  expect(answer.status).toBe(431);
});

test("JSON that is nested a hundred thousand deep, and a million keys, are refused", async () => {
  const deep = `{"resourceLogs":${"[".repeat(100_000)}${"]".repeat(100_000)}}`;
  const nested = `{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":${'{"arrayValue":{"values":['.repeat(5_000)}${"]}}".repeat(5_000)}}]}]}]}`;
  const keys = `{${Array.from({ length: 300_000 }, (_, i) => `"k${i}":1`).join(",")}}`;
  for (const body of [deep, nested]) {
    const answer = await fetch(`${shared.desk.url}/v1/logs`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
    });
    expect(answer.status).toBe(400);
  }
  const many = await fetch(`${shared.desk.url}/v1/logs`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: keys,
  });
  expect([200, 400, 413]).toContain(many.status);
  await expectServed();
});

test("protobuf that is cut at any byte, or has lengths of 2^31, is refused or read, and never worse", async () => {
  const body = (await stockRequests()).traces.protobuf;
  const huge = Uint8Array.of(0x0a, 0xff, 0xff, 0xff, 0xff, 0x07, 0x00);
  const bodies = [huge, ...Array.from({ length: 60 }, (_, i) => body.subarray(0, Math.floor((i * body.length) / 60)))];
  for (const one of bodies) {
    const answer = await fetch(`${shared.desk.url}/v1/traces`, {
      method: "POST",
      headers: { "content-type": "application/x-protobuf" },
      body: new Uint8Array(one),
    });
    expect([200, 400]).toContain(answer.status);
  }
  await expectServed();
});

test("requests that are more than fit into memory are asked to come again", async () => {
  const limits = { body: { ...BODY_LIMITS, allBytes: 5 * MIB, reservedBytes: MIB, timeoutMs: 3_000 } };
  const { url } = (await openTestDesk({}, limits)).desk;
  // Each lacks its last byte, and is held until its time is up.
  const answers = await Promise.all(
    Array.from({ length: 8 }, () => sendRaw(url, head([`Content-Length: ${MIB + 1}`], url) + " ".repeat(MIB))),
  );
  expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([408, 503]));
  for (const answer of answers) if (answer.status === 503) expect(answer.headers.get("retry-after")).toBe("1");
  // What they held is given back.
  const again = await fetch(`${url}/v1/logs`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: "{}",
  });
  expect(again.status).toBe(200);
});

test("mutations of a good request never do harm", async () => {
  const body = (await stockRequests()).logs.protobuf;
  // A small generator with a seed: the same bodies in every run.
  let state = 12_345;
  const random = (below: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state % below;
  };
  for (let i = 0; i < 200; i++) {
    const mutated = new Uint8Array(body);
    for (let flips = random(8) + 1; flips > 0; flips--) mutated[random(mutated.length)] = random(256);
    const isGzip = i % 4 === 0;
    const answer = await fetch(`${shared.desk.url}/v1/logs`, {
      method: "POST",
      headers: { "content-type": "application/x-protobuf", ...(isGzip && { "content-encoding": "gzip" }) },
      body: isGzip ? new Uint8Array(gzipSync(mutated)) : mutated,
    });
    await answer.arrayBuffer();
    expect([200, 400]).toContain(answer.status);
  }
  await expectServed();
});
