import { describe, expect, it } from "vitest";
import { answered, check, sentence } from "../../test/destinations.ts";
import {
  type Answer,
  freePort,
  startHttp2,
  startNeverConnecting,
  startReceiver,
  startTcp,
} from "../../test/receivers.ts";

describe("a destination that answers", () => {
  it("accepts the signal, and the answer's status, time and clock are told", async () => {
    const { url, received } = await startReceiver(() => ({
      sendDate: false,
      headers: { "content-type": "application/x-protobuf", date: new Date().toUTCString() },
    }));
    const result = await check(`${url}/v1/traces`, { headers: { "x-tenant": "desk-1" }, compression: "gzip" });
    expect(result).toMatchObject({ outcome: "accepted", httpStatus: 200, rejected: 0, check: { status: "ok" } });
    expect(result.check.what).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/v1\/traces took a span in \d+ ms$/);
    // The clock is the same one.
    expect(result.clockOffset!.leastMs).toBeLessThanOrEqual(0);
    expect(result.clockOffset!.mostMs).toBeGreaterThanOrEqual(0);
    expect(received).toHaveLength(1);
    expect(received[0]!.body.toString()).toBe("a body");
    expect(received[0]!.headers).toMatchObject({
      "x-tenant": "desk-1",
      "content-type": "application/x-protobuf",
      "content-encoding": "gzip",
    });
  });

  it.each<[string, Answer]>([
    ["204 without a body, as Loki does", { status: 204 }],
    ["202 with an empty JSON object", { status: 202, headers: { "content-type": "application/json" }, body: "{}" }],
    [
      "200 with an empty partial success",
      { headers: { "content-type": "application/json" }, body: '{"partialSuccess":{}}' },
    ],
    [
      "200 with empty protobuf messages",
      { headers: { "content-type": "application/x-protobuf" }, body: Buffer.from([10, 0]) },
    ],
    ["200 and no date", { sendDate: false }],
  ])("accepts with %s", async (_, answer) => {
    expect((await answered(answer)).outcome).toBe("accepted");
  });

  it("is said to refuse items when it takes a part only, in JSON and in protobuf", async () => {
    const partial = { rejectedLogRecords: "2", errorMessage: "older than 7 days" };
    const body = JSON.stringify({ partialSuccess: partial });
    const asJson = await answered({ headers: { "content-type": "application/json" }, body }, "logs");
    // ExportTraceServiceResponse { partial_success { rejected_spans: 1, error_message: "no" } }
    const bytes = Buffer.from([0x0a, 0x06, 0x08, 0x01, 0x12, 0x02, 0x6e, 0x6f]);
    const asProtobuf = await answered({ headers: { "content-type": "application/x-protobuf" }, body: bytes });
    expect([asJson.outcome, asJson.rejected]).toEqual(["partly_rejected", 2]);
    expect(sentence(asJson)).toMatch(
      /^failed: 2 of the log records in a request were refused by http:.*\/v1\/logs: "older than 7 days"/,
    );
    expect([asProtobuf.outcome, asProtobuf.rejected]).toEqual(["partly_rejected", 1]);
  });

  it("is said to have a remark when it takes everything and says something", async () => {
    const body = JSON.stringify({ partialSuccess: { errorMessage: "this endpoint moves in May" } });
    const result = await answered({ headers: { "content-type": "application/json" }, body });
    expect(result).toMatchObject({ outcome: "accepted_with_message", check: { status: "warning" } });
    expect(sentence(result)).toContain('takes the request, and says: "this endpoint moves in May"');
  });

  it.each<[string, Answer, string, RegExp]>([
    ["400", { status: 400, body: "no" }, "bad_request", /does not understand the request \(400\): "no"/],
    [
      "400 that speaks of the format",
      { status: 400, body: "proto: cannot parse invalid wire-format data" },
      "wrong_protocol",
      /OTEL_EXPORTER_OTLP_PROTOCOL=http\/json/,
    ],
    [
      "400 of a TLS port",
      { status: 400, body: "Client sent an HTTP request to an HTTPS server.\n" },
      "tls_expected",
      /write https:\/\/ in TELEMETRY_OTLP_ENDPOINT/,
    ],
    ["401", { status: 401 }, "unauthorized", /wants a token.*TELEMETRY_OTLP_HEADERS/],
    ["403", { status: 403, body: "forbidden" }, "forbidden", /refuses this sender \(403\)/],
    [
      "404",
      { status: 404, body: "404 page not found" },
      "wrong_path",
      /there is no OTLP receiver at .*\/v1\/traces \(404\)/,
    ],
    ["405", { status: 405 }, "wrong_path", /takes no OTLP requests \(405\)/],
    ["413", { status: 413 }, "too_large", /OTEL_EXPORTER_OTLP_COMPRESSION=gzip/],
    ["415", { status: 415 }, "wrong_protocol", /does not take http\/protobuf \(415\)/],
    [
      "429",
      { status: 429, headers: { "retry-after": "30" } },
      "rate_limited",
      /takes no more for now \(429\) and asks to wait 30 s/,
    ],
    ["500", { status: 500, body: "boom" }, "server_error", /fails on its side \(500\): "boom"/],
    ["502", { status: 502 }, "gateway", /a proxy answers/],
    ["503", { status: 503, headers: { "retry-after": "7200" } }, "unavailable", /\(503\) and asks to wait 2 h/],
    ["505", { status: 505 }, "grpc_port", /as a gRPC port does/],
    [
      "302",
      { status: 302, headers: { location: "https://login.example/signin?next=1" } },
      "redirect",
      /redirects \(302\) to https:\/\/login\.example\/signin\?\*\*\*; .*login page/,
    ],
    [
      "308",
      { status: 308, headers: { location: "/otlp/v1/traces" } },
      "redirect",
      /to http:\/\/127\.0\.0\.1:\d+\/otlp\/v1\/traces; redirects are not followed/,
    ],
    [
      "200 with a web page",
      { headers: { "content-type": "text/html; charset=utf-8" }, body: "<!doctype html><title>Grafana" },
      "not_otlp",
      /answers 200 with a web page/,
    ],
    [
      "200 with a web page that says it is JSON",
      { headers: { "content-type": "application/json" }, body: "<html>" },
      "not_otlp",
      /no OTLP answer/,
    ],
    [
      "200 with plain text",
      { headers: { "content-type": "text/plain" }, body: "OK" },
      "not_otlp",
      /with "text\/plain" that is no OTLP answer/,
    ],
    [
      "200 with bytes that are no message",
      { headers: { "content-type": "application/x-protobuf" }, body: "OK" },
      "not_otlp",
      /no OTLP answer/,
    ],
    ["418", { status: 418 }, "unexpected_status", /answers 418, which OTLP has no use for/],
  ])("is named correctly with %s", async (_, answer, outcome, words) => {
    const result = await answered(answer);
    expect([result.outcome, result.check.status]).toEqual([outcome, "failed"]);
    expect(sentence(result)).toMatch(words);
    expect(result.check.remedy).not.toBe("");
  });

  it("is doubted, and no more, when it answers in JSON that is not OTLP's", async () => {
    const result = await answered({ headers: { "content-type": "application/json" }, body: '{"status":"ok"}' });
    expect(result).toMatchObject({ outcome: "strange_answer", check: { status: "warning" } });
  });

  it.each([
    ["42 seconds behind", -42_000],
    ["a day ahead", 86_400_000],
  ])("tells of a clock that is %s", async (_, offsetMs) => {
    const { url } = await startReceiver(() => ({
      sendDate: false,
      headers: { date: new Date(Date.now() + offsetMs).toUTCString() },
    }));
    const { clockOffset } = await check(`${url}/v1/traces`);
    expect(clockOffset!.leastMs).toBeLessThanOrEqual(offsetMs);
    expect(clockOffset!.mostMs).toBeGreaterThanOrEqual(offsetMs);
  });

  it.each(["", "application/x-protobuf"])(
    "is read as protobuf whatever its bytes look like, with type %j",
    async (type) => {
      // The length of the partial success is the code of "<", and before it stands a line break.
      const partial = Buffer.concat([Buffer.from([0x0a, 60, 0x08, 1, 0x12, 56]), Buffer.from("x".repeat(56))]);
      const result = await answered({ headers: type === "" ? {} : { "content-type": type }, body: partial });
      expect([result.outcome, result.rejected]).toEqual(["partly_rejected", 1]);
    },
  );

  it("may spell its JSON as the proto does", async () => {
    const body = JSON.stringify({ partial_success: { rejected_log_records: "2", error_message: "too old" } });
    const result = await answered({ headers: { "content-type": "application/json" }, body }, "logs");
    expect([result.outcome, result.rejected]).toEqual(["partly_rejected", 2]);
    expect(sentence(result)).toContain('"too old"');
  });

  it("has not taken anything before its answer has ended: the service would send it again for ever", async () => {
    const head = "HTTP/1.1 200 OK\r\ncontent-type: application/x-protobuf\r\ncontent-length: 1000\r\n\r\n";
    const endless = await startTcp((socket) => socket.once("data", () => socket.write(head)));
    const waited = await check(`${endless.url}/v1/traces`, {}, { timeoutMs: 1_000 });
    expect([waited.outcome, waited.check.status]).toEqual(["never_answers", "failed"]);
    expect(sentence(waited)).toContain("begins to answer and never ends (waited 1 s)");
    const { url } = await startTcp((socket) => socket.once("data", () => socket.end(head)));
    const cut = await check(`${url}/v1/traces`);
    expect([cut.outcome, cut.check.status]).toEqual(["connection_closed", "failed"]);
    expect(sentence(cut)).toContain("closes the connection in the middle of its answer");
  });

  it("has answered when it says more than anybody reads", async () => {
    const result = await answered({ headers: { "content-type": "text/plain" }, body: "OK ".repeat(349_525) });
    expect(result.outcome).toBe("not_otlp");
  });

  it("counts as answered when the body never ends", async () => {
    const { url } = await startTcp((socket) => {
      socket.write("HTTP/1.1 401 Unauthorized\r\ncontent-length: 1000\r\n\r\nbad token");
    });
    const result = await check(`${url}/v1/traces`, {}, { timeoutMs: 1_000 });
    expect(result.outcome).toBe("unauthorized");
    expect(sentence(result)).toContain('"bad token"');
  });
});

describe("a destination that does not answer", () => {
  it("is refused where nothing listens", async () => {
    const result = await check(`http://127.0.0.1:${await freePort()}/v1/traces`);
    expect(result.outcome).toBe("connection_refused");
    expect(sentence(result)).toMatch(/nothing listens at http:\/\/127\.0\.0\.1:\d+ -> start the Collector there/);
  });

  it("has an unknown name, or no name server says so", async () => {
    const result = await check("http://collector.invalid:4318/v1/traces", {}, { timeoutMs: 3_000 });
    expect(["host_unknown", "name_service_silent"]).toContain(result.outcome);
    expect(sentence(result)).toContain("collector.invalid");
  });

  it("takes the connection and never answers", async () => {
    const { url } = await startTcp(() => {});
    const result = await check(`${url}/v1/traces`, {}, { timeoutMs: 1_000 });
    expect(result.outcome).toBe("never_answers");
    expect(sentence(result)).toMatch(/takes the connection and never answers \(waited 1 s\)/);
  });

  it("never connects", async () => {
    const { url } = await startNeverConnecting();
    const result = await check(`${url}/v1/traces`, {}, { timeoutMs: 1_000 });
    expect(result.outcome).toBe("never_connects");
    expect(sentence(result)).toContain("no connection within 1 s");
  });

  it("hangs up", async () => {
    const { url } = await startTcp((socket) => socket.destroy());
    expect((await check(`${url}/v1/traces`)).outcome).toBe("connection_closed");
  });

  it("resets the connection in the middle of the answer's head", async () => {
    const { url } = await startTcp((socket) => socket.once("data", () => socket.end("HTTP/1.1 200")));
    expect((await check(`${url}/v1/traces`)).outcome).toBe("connection_closed");
  });

  it("speaks something that is no HTTP", async () => {
    const { url } = await startTcp((socket) => socket.end("220 mail.example ESMTP\r\n"));
    const result = await check(`${url}/v1/traces`);
    expect(result.outcome).toBe("not_http");
    expect(sentence(result)).toContain("answers, but not in HTTP");
  });

  it.each([
    ["a header that is none", "HTTP/1.1 200 OK\r\nbad header\r\n\r\n"],
    ["two lengths", "HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nx"],
    ["more headers than Node.js reads", `HTTP/1.1 200 OK\r\nx: ${"y".repeat(100_000)}\r\n\r\n`],
  ])("speaks HTTP that cannot be read, with %s", async (_, answer) => {
    const { url } = await startTcp((socket) => socket.once("data", () => socket.end(answer)));
    const result = await check(`${url}/v1/traces`);
    expect(result.outcome).toBe("unreadable_answer");
    expect(sentence(result)).toMatch(
      /answers in HTTP that cannot be read \(HPE_\w+\) -> see the receiver, or the proxy/,
    );
  });

  it("is no gRPC port when it hangs up and speaks HTTP/1.1 beside HTTP/2", async () => {
    const settings = Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]);
    const { url } = await startTcp((socket) =>
      socket.once("data", (bytes) => {
        const word = bytes.toString("latin1", 0, 3);
        if (word === "PRI") socket.end(settings);
        else if (word === "OPT") socket.end("HTTP/1.1 204 No Content\r\n\r\n");
        else socket.destroy();
      }),
    );
    expect((await check(`${url}/v1/traces`)).outcome).toBe("connection_closed");
  });

  it("is a gRPC port, recognised by its answer on any port", async () => {
    const { url } = await startHttp2();
    const result = await check(`${url}/v1/traces`);
    expect(result.outcome).toBe("grpc_port");
    expect(sentence(result)).toMatch(/looks like the gRPC port.*TELEMETRY_OTLP_ENDPOINT=http:\/\/127\.0\.0\.1:4318$/);
  });

  it("is a gRPC port that hangs up on HTTP and talks HTTP/2 when it is asked to", async () => {
    const settings = Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]);
    const { url } = await startTcp((socket) =>
      socket.once("data", (bytes) =>
        bytes.toString("latin1", 0, 3) === "PRI" ? socket.end(settings) : socket.destroy(),
      ),
    );
    expect((await check(`${url}/v1/traces`)).outcome).toBe("grpc_port");
  });

  it("is a gRPC port behind an https:// URL", async () => {
    const { port } = await startHttp2();
    expect((await check(`https://127.0.0.1:${port}/v1/traces`)).outcome).toBe("grpc_port");
  });
});
