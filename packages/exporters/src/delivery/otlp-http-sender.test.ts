// The sender against real receivers: every answer, every way in which there is none, and nothing secret in what it says of it.
import { execFile, execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { gunzipSync } from "node:zlib";
import { describe, expect, it, onTestFinished } from "vitest";
import { refusedUrl, startReceiver, startSocketReceiver } from "../../test/receivers.ts";
import { testFolder } from "../../test/spools.ts";
import { createOtlpHttpSender, type OtlpHttpSenderOptions } from "./otlp-http-sender.ts";
import type { OtlpRequest, OtlpSender } from "./sender.ts";

const REQUEST: OtlpRequest = { bytes: Buffer.from("a request"), format: "protobuf", items: 5 };
const SECRET = "s3cr3t-t0k3n";

function open(url: string, options: Partial<OtlpHttpSenderOptions> = {}): OtlpSender {
  const sender = createOtlpHttpSender({ signal: "traces", url, timeoutMs: 5_000, ...options });
  onTestFinished(() => sender.close());
  return sender;
}

describe("a receiver that answers", () => {
  it("is sent one POST of the bytes, with type, length, and the headers asked for", async () => {
    const { url, received } = await startReceiver((response) => response.end());
    const headers = { authorization: `Bearer ${SECRET}`, "Content-Type": "text/plain" };
    expect(await open(url, { headers }).send(REQUEST)).toEqual({ kind: "delivered", rejected: 0 });
    expect(await open(url).send({ ...REQUEST, format: "json" })).toMatchObject({ kind: "delivered" });
    expect(received.map(({ body }) => body.toString())).toEqual(["a request", "a request"]);
    expect(received[0]?.headers).toMatchObject({
      authorization: `Bearer ${SECRET}`,
      "content-type": "application/x-protobuf",
      "content-length": "9",
    });
    expect(received[1]?.headers).toMatchObject({ "content-type": "application/json" });
    expect(received[1]?.headers).not.toHaveProperty("content-encoding");
  });

  it("can inflate a body that was compressed", async () => {
    const { url, received } = await startReceiver((response) => response.end());
    const bytes = Buffer.from("all the same ".repeat(10_000));
    expect(await open(url, { compression: "gzip" }).send({ ...REQUEST, bytes })).toMatchObject({ kind: "delivered" });
    expect(received[0]?.headers["content-encoding"]).toBe("gzip");
    expect(received[0]!.body.length).toBeLessThan(bytes.length / 20);
    expect(gunzipSync(received[0]!.body).equals(bytes)).toBe(true);
  });

  it.each([
    [400, {}, { kind: "rejected", failure: { status: 400, message: "why" } }],
    [401, {}, { kind: "rejected", failure: { status: 401 } }],
    [413, {}, { kind: "rejected", failure: { status: 413 } }],
    [408, {}, { kind: "retry", failure: { status: 408 }, retryAfterMs: undefined }],
    [429, { "retry-after": "1" }, { kind: "retry", retryAfterMs: 1_000 }],
    [429, { "retry-after": "0" }, { kind: "retry", retryAfterMs: 0 }],
    [429, { "retry-after": "1000000000" }, { kind: "retry", retryAfterMs: 60_000 }],
    [429, { "retry-after": "Fri, 20 Nov 2099 12:00:00 GMT" }, { kind: "retry", retryAfterMs: 60_000 }],
    [429, { "retry-after": "when I like" }, { kind: "retry", retryAfterMs: undefined }],
    [500, {}, { kind: "server_error", failure: { status: 500, message: "why" } }],
    [502, {}, { kind: "retry", failure: { status: 502 } }],
    [503, {}, { kind: "retry", failure: { status: 503 } }],
    [504, {}, { kind: "retry", failure: { status: 504 } }],
    [302, { location: "http://127.0.0.1:1/" }, { kind: "rejected", failure: { location: "http://127.0.0.1:1/" } }],
    [308, { location: "/elsewhere" }, { kind: "rejected", failure: { status: 308 } }],
    [200, { "content-type": "text/html" }, { kind: "retry", failure: { status: 200, contentType: "text/html" } }],
    [200, { "content-type": "application/x-protobuf" }, { kind: "delivered", rejected: 0 }],
    [200, { "content-type": "application/json" }, { kind: "delivered", rejected: 0 }],
  ] as const)("%i %j is what the specification says, and is asked once", async (status, headers, outcome) => {
    const { url, received } = await startReceiver((response) => response.writeHead(status, headers).end("why"));
    expect(await open(url).send(REQUEST)).toMatchObject(outcome);
    expect(received).toHaveLength(1);
  });

  it("in parts and slowly is waited for", async () => {
    const said = JSON.stringify({ partialSuccess: { rejectedSpans: "2", errorMessage: "old" } });
    const { url } = await startReceiver((response) => {
      response.writeHead(200, { "content-type": "application/json" });
      const say = (from: number): void => {
        if (from >= said.length) response.end();
        else response.write(said.slice(from, from + 8), () => setImmediate(say, from + 8));
      };
      say(0);
    });
    expect(await open(url).send(REQUEST)).toEqual({ kind: "delivered", rejected: 2, message: "old" });
  });

  it("without end is listened to for 64 KiB, and its connection is given up", async () => {
    let isClosed = false;
    const { url } = await startReceiver((response) => {
      response.writeHead(503, { "content-type": "text/plain" });
      response.on("close", () => {
        isClosed = true;
      });
      const say = (): void => void response.write("no ".repeat(1_000), () => isClosed || setImmediate(say));
      say();
    });
    const outcome = await open(url).send(REQUEST);
    expect(outcome).toMatchObject({ kind: "retry", failure: { status: 503 } });
    expect((outcome as { failure: { message: string } }).failure.message.length).toBeLessThan(510);
    await expect.poll(() => isClosed).toBe(true);
  });

  it("keeps its connection for the next request", async () => {
    const { url, connections } = await startReceiver((response) => response.end("{}"));
    const sender = open(url);
    for (let i = 0; i < 5; i++) expect(await sender.send(REQUEST)).toMatchObject({ kind: "delivered" });
    expect(connections()).toBe(1);
  });

  it("takes several at once", async () => {
    const { url, received } = await startReceiver((response) => response.end());
    const sender = open(url);
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => sender.send(REQUEST)));
    expect(outcomes.every(({ kind }) => kind === "delivered")).toBe(true);
    expect(received).toHaveLength(20);
  });
});

describe("a receiver that does not answer", () => {
  it("because nobody is there: a retry that names the system's code", async () => {
    const outcome = await open(await refusedUrl()).send(REQUEST);
    expect(outcome).toMatchObject({ kind: "retry", failure: { code: "ECONNREFUSED" } });
  });

  it("because its name is unknown: a retry", async () => {
    const outcome = await open("http://collector.invalid:4318/v1/traces").send(REQUEST);
    expect(outcome).toMatchObject({
      kind: "retry",
      failure: { code: expect.stringMatching(/^(E[A-Z_]+|NO_ADDRESS)$/) },
    });
  });

  it("because it never says anything: a retry after the timeout, and the connection is gone", async () => {
    let closed = 0;
    const url = await startSocketReceiver((socket) => socket.resume().on("close", () => closed++));
    const outcome = await open(url, { timeoutMs: 50 }).send(REQUEST);
    expect(outcome).toMatchObject({
      kind: "retry",
      failure: { code: "TIMEOUT", message: expect.stringContaining("50 ms") },
    });
    await expect.poll(() => closed).toBe(1);
  });

  it("because it never reads: a retry after the timeout", async () => {
    const url = await startSocketReceiver((socket) => socket.pause());
    const bytes = Buffer.alloc(32 * 1_048_576);
    const outcome = await open(url, { timeoutMs: 300 }).send({ ...REQUEST, bytes });
    expect(outcome).toMatchObject({ kind: "retry", failure: { code: "TIMEOUT" } });
  });

  it("because it stops in the middle of its answer: a retry after the timeout", async () => {
    const { url } = await startReceiver((response) => response.writeHead(200, { "content-length": "100" }).write("{"));
    const outcome = await open(url, { timeoutMs: 100 }).send(REQUEST);
    expect(outcome).toMatchObject({ kind: "retry", failure: { code: "TIMEOUT", isCutOff: true } });
  });

  it("because it resets the connection in the middle of the request: a retry", async () => {
    const url = await startSocketReceiver((socket) => socket.once("data", () => socket.resetAndDestroy()));
    const outcome = await open(url).send({ ...REQUEST, bytes: Buffer.alloc(8 * 1_048_576) });
    expect(outcome).toMatchObject({ kind: "retry", failure: { code: expect.stringMatching(/^(ECONNRESET|EPIPE)$/) } });
  });

  it.each([
    ["its length unkept", "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"],
    ["its last chunk missing", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{"],
    ["its head cut off", "HTTP/1.1 200 OK\r\ncontent-le"],
    ["another protocol", "SSH-2.0-OpenSSH_9.2\r\n"],
    ["no bytes at all", ""],
  ])("as it should, with %s: a retry", async (_, answer) => {
    const url = await startSocketReceiver((socket) => socket.once("data", () => socket.end(answer)));
    expect(await open(url).send(REQUEST)).toMatchObject({ kind: "retry" });
  });
});

describe("an answer that ends before its end", () => {
  it.each([
    ["its length unkept", "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"],
    ["its last chunk missing", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{"],
  ])("is told as one, with %s", async (_, answer) => {
    const url = await startSocketReceiver((socket) => socket.once("data", () => socket.end(answer)));
    expect(await open(url).send(REQUEST)).toEqual({
      kind: "retry",
      failure: { code: "ECONNRESET", message: "the answer was cut off", isCutOff: true },
    });
  });
});

describe("a connection that the receiver closes at the moment it is used again", () => {
  const ANSWER = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";

  it("costs nothing: the request goes out once more, over a new one", async () => {
    let requests = 0;
    const url = await startSocketReceiver((socket) => {
      let onThisOne = 0;
      socket.on("data", () => {
        requests++;
        if (++onThisOne === 1) socket.write(ANSWER);
        else socket.resetAndDestroy();
      });
    });
    const sender = open(url);
    for (let i = 0; i < 3; i++) expect(await sender.send(REQUEST)).toEqual({ kind: "delivered", rejected: 0 });
    // The second one came twice, and so did the third.
    expect(requests).toBe(5);
  });

  it("is tried a second time, not a third", async () => {
    let requests = 0;
    const url = await startSocketReceiver((socket, nth) =>
      socket.on("data", () => {
        if (++requests === 1 && nth === 1) socket.write(ANSWER);
        else socket.resetAndDestroy();
      }),
    );
    const sender = open(url);
    expect(await sender.send(REQUEST)).toMatchObject({ kind: "delivered" });
    expect(await sender.send(REQUEST)).toMatchObject({ kind: "retry", failure: { code: "ECONNRESET" } });
    expect(requests).toBe(3);
  });
});

describe("closing a sender", () => {
  it("ends what is under way and what comes later, as a retry, and lets go of connections", async () => {
    let closed = 0;
    let arrived = 0;
    const url = await startSocketReceiver((socket) => socket.on("data", () => arrived++).on("close", () => closed++));
    const sender = open(url);
    const underWay = Promise.all([sender.send(REQUEST), sender.send(REQUEST)]);
    await expect.poll(() => arrived).toBeGreaterThan(1);
    sender.close();
    for (const outcome of await underWay) expect(outcome).toMatchObject({ kind: "retry", failure: { code: "CLOSED" } });
    expect(await sender.send(REQUEST)).toMatchObject({ kind: "retry", failure: { code: "CLOSED" } });
    await expect.poll(() => closed).toBe(2);
    sender.close();
  });

  it("while a body is still being compressed ends that, too", async () => {
    const { url, received } = await startReceiver((response) => response.end());
    const sender = open(url, { compression: "gzip" });
    const sent = sender.send({ ...REQUEST, bytes: Buffer.alloc(1_048_576) });
    sender.close();
    expect(await sent).toMatchObject({ kind: "retry", failure: { code: "CLOSED" } });
    expect(received).toHaveLength(0);
  });
});

describe("what a sender says", () => {
  it("holds no secret, whatever goes wrong", async () => {
    const headers = { authorization: `Bearer ${SECRET}`, "x-api-key": SECRET };
    const hanging = await startSocketReceiver((socket) => socket.resume());
    const rude = await startSocketReceiver((socket) => socket.once("data", () => socket.resetAndDestroy()));
    const refused = await refusedUrl();
    const withPassword = refused.replace("://", `://user:${SECRET}@`);
    const withToken = `${refused}?token=${SECRET}`;
    for (const url of [
      hanging,
      rude,
      refused,
      withPassword,
      withToken,
      `http://collector.invalid/${"v1"}?t=${SECRET}`,
    ]) {
      const sender = open(url, { headers, timeoutMs: 200 });
      expect(sender.destination).not.toContain(SECRET);
      expect(JSON.stringify(await sender.send(REQUEST))).not.toContain(SECRET);
    }
  });

  it.each([
    { authorization: `Bearer ${SECRET}\r\nx-evil: 1` },
    { authorization: `Bearer ${SECRET}\u0000` },
    { authorization: `${SECRET}\u2603` },
    { "bad name": SECRET },
    { "": SECRET },
    { "content-length\r\n": SECRET },
    { authorization: undefined as unknown as string },
  ])("of headers that Node.js refuses is a retry without their values: %#", async (headers) => {
    const { url, received } = await startReceiver((response) => response.end());
    const outcome = await open(url, { headers }).send(REQUEST);
    expect(outcome).toMatchObject({ kind: "retry", failure: { code: "ERROR" } });
    expect(JSON.stringify(outcome)).not.toContain(SECRET);
    expect(received).toHaveLength(0);
  });

  it("of a URL that is none is a TypeError at once", () => {
    for (const url of ["ftp://127.0.0.1/v1/traces", "127.0.0.1:4318", "", "http://", "/v1/traces"])
      expect(() => open(url)).toThrow(TypeError);
  });
});

describe("a receiver with TLS", () => {
  it("whose certificate nobody vouches for is a retry that says so; with its authority known it is delivered to", async ({
    skip,
  }) => {
    const dir = testFolder();
    const [key, cert] = [join(dir, "key.pem"), join(dir, "cert.pem")];
    const made = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=127.0.0.1"];
    try {
      const names = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", cert];
      execFileSync("openssl", [...made, ...names], { stdio: "ignore" });
    } catch {
      skip("making a certificate needs openssl");
    }
    const server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (request, response) => {
      request.resume().on("end", () => response.end());
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/v1/traces`;
    const headers = { authorization: SECRET };
    const outcome = await open(url, { headers }).send(REQUEST);
    expect(outcome).toMatchObject({ kind: "retry", failure: { code: "DEPTH_ZERO_SELF_SIGNED_CERT" } });
    expect(JSON.stringify(outcome)).not.toContain(SECRET);

    const program = `
      import { createOtlpHttpSender } from ${JSON.stringify(new URL("./otlp-http-sender.ts", import.meta.url).href)};
      const sender = createOtlpHttpSender({ signal: "traces", url: ${JSON.stringify(url)} });
      const hold = setInterval(() => {}, 1_000);
      for (let i = 0; i < 2; i++)
        console.log((await sender.send({ bytes: Buffer.from("x"), format: "protobuf", items: 1 })).kind);
      clearInterval(hold);
    `;
    const node = ["--conditions=@tracebook/source", "--input-type=module", "-e", program];
    const env = { ...process.env, NODE_EXTRA_CA_CERTS: cert };
    const { stdout } = await promisify(execFile)(process.execPath, node, { env, timeout: 20_000 });
    expect(stdout).toBe("delivered\ndelivered\n");
  });
});
