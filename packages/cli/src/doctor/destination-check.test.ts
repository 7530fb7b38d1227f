import type { OtlpTarget } from "@tracebook/node/doctor";
import { describe, expect, it } from "vitest";
import { makeCertificate } from "../../test/certificate.ts";
import {
  type Answer,
  freePort,
  startHttp2,
  startNeverConnecting,
  startReceiver,
  startTcp,
  startTls,
} from "../../test/receivers.ts";
import { checkDestination, type Destination, type DestinationResult } from "./destination-check.ts";
import type { Signal } from "./doctor-signals.ts";
import { createNameLookup } from "./name-lookup.ts";

const TRUST = { rejectUnauthorized: true, ca: undefined };
const SOURCES = { otlpTracesEndpoint: "TELEMETRY_OTLP_ENDPOINT", otlpTracesHeaders: "TELEMETRY_OTLP_HEADERS" };

function check(url: string, target: Partial<OtlpTarget> = {}, rest: Partial<Destination> = {}) {
  return checkDestination({
    signal: "traces",
    target: { url, headers: {}, protocol: "http/protobuf", timeoutMs: 10_000, compression: "none", ...target },
    body: Buffer.from("a body"),
    sources: SOURCES,
    trust: TRUST,
    names: createNameLookup(rest.timeoutMs ?? 5_000, process.env),
    timeoutMs: 5_000,
    ...rest,
  });
}

/** What a person reads. */
function sentence({ check }: DestinationResult): string {
  return `${check.status}: ${check.what} -> ${check.remedy ?? ""}`;
}

async function answered(answer: Answer, signal: Signal = "traces") {
  const { url } = await startReceiver(answer);
  return check(`${url}/v1/${signal}`, {}, { signal });
}

describe("a destination that answers", () => {
  it("accepts the signal, and the answer's status, time and clock are told", async () => {
    const { url, received } = await startReceiver({ headers: { "content-type": "application/x-protobuf" } });
    const result = await check(`${url}/v1/traces`, { headers: { "x-tenant": "desk-1" }, compression: "gzip" });
    expect(result).toMatchObject({ outcome: "accepted", httpStatus: 200, rejected: 0, check: { status: "ok" } });
    expect(result.check.what).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/v1\/traces took a span in \d+ ms$/);
    expect(result.clockOffset!.leastMs).toBeLessThanOrEqual(1_000);
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
    expect(sentence(asJson)).toMatch(/^failed: .*takes the request, but not 2 items in it: "older than 7 days"/);
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

describe("a gRPC port with TLS", () => {
  const trustIn = ({ cert }: { cert: string }) => ({ trust: { rejectUnauthorized: true, ca: [cert] } });

  it("is recognised when it refuses HTTP/1.1 in the handshake", async () => {
    const certificate = makeCertificate();
    const { port } = await startTls({ ...certificate, ALPNProtocols: ["h2"] });
    expect((await check(`https://127.0.0.1:${port}/v1/traces`, {}, trustIn(certificate))).outcome).toBe("grpc_port");
  });

  it("is recognised when it hangs up after the handshake, as Go's does", async () => {
    const certificate = makeCertificate();
    const { port } = await startTls({ ...certificate, ALPNProtocols: ["h2"] }, "once without");
    expect((await check(`https://127.0.0.1:${port}/v1/traces`, {}, trustIn(certificate))).outcome).toBe("grpc_port");
  });

  it("is told from a web server that has hung up for another reason", async () => {
    const certificate = makeCertificate();
    const { port } = await startTls({ ...certificate, ALPNProtocols: ["h2", "http/1.1"] });
    const result = await check(`https://127.0.0.1:${port}/v1/traces`, {}, trustIn(certificate));
    expect(result.outcome).toBe("connection_closed");
  });
});

describe("a destination with TLS", () => {
  it("is accepted when its certificate is trusted", async () => {
    const certificate = makeCertificate();
    const { url } = await startReceiver({}, certificate);
    const trust = { rejectUnauthorized: true, ca: [certificate.cert] };
    expect((await check(`${url}/v1/traces`, {}, { trust })).outcome).toBe("accepted");
  });

  it("is accepted with any certificate when the environment wants it so", async () => {
    const { url } = await startReceiver({}, makeCertificate());
    const trust = { rejectUnauthorized: false, ca: undefined };
    expect((await check(`${url}/v1/traces`, {}, { trust })).outcome).toBe("accepted");
  });

  it.each([
    ["self-signed", {}, false, "certificate_untrusted", /is self-signed -> .*NODE_EXTRA_CA_CERTS/],
    ["expired", { validFromDays: -9, validToDays: -2 }, true, "certificate_expired", /has expired/],
    ["not valid yet", { validFromDays: 2 }, true, "certificate_not_yet_valid", /not valid yet -> set the clock/],
    [
      "for another name",
      { names: ["otel.example", "10.1.2.3"] },
      true,
      "certificate_wrong_host",
      /not for localhost, but for otel\.example, 10\.1\.2\.3 ->/,
    ],
  ])("is refused when the certificate is %s", async (_, options, isTrusted, outcome, words) => {
    const certificate = makeCertificate(options);
    const { port } = await startReceiver({}, certificate);
    const trust = { rejectUnauthorized: true, ca: isTrusted ? [certificate.cert] : undefined };
    const result = await check(`https://localhost:${port}/v1/traces`, {}, { trust });
    expect(result.outcome).toBe(outcome);
    expect(sentence(result)).toMatch(words);
  });

  it("wants a client certificate", async () => {
    const certificate = makeCertificate();
    const { url } = await startReceiver({}, { ...certificate, requestCert: true, rejectUnauthorized: true });
    const trust = { rejectUnauthorized: true, ca: [certificate.cert] };
    const result = await check(`${url}/v1/traces`, {}, { trust });
    expect(result.outcome).toBe("client_certificate_wanted");
    expect(sentence(result)).toContain("mTLS");
  });

  it("speaks TLS while the URL says http://", async () => {
    const { port, received } = await startReceiver({}, makeCertificate());
    const result = await check(`http://127.0.0.1:${port}/v1/traces`);
    expect(result.outcome).toBe("tls_expected");
    expect(sentence(result)).toContain("write https:// in TELEMETRY_OTLP_ENDPOINT");
    expect(received).toEqual([]);
  });

  it("does not speak TLS while the URL says https://", async () => {
    const { port } = await startReceiver();
    const result = await check(`https://127.0.0.1:${port}/v1/traces`);
    expect(result.outcome).toBe("tls_not_spoken");
    expect(sentence(result)).toContain("write http:// in TELEMETRY_OTLP_ENDPOINT");
  });
});

describe("what is said of a destination", () => {
  const SECRET = "tk-live-0123456789abcdef";
  const target = { headers: { authorization: `Bearer ${SECRET}`, "x-basic": `Basic ${btoa(`bot:${SECRET}`)}` } };

  it.each<[string, Answer]>([
    ["a refusal", { status: 401, body: `the token ${SECRET} is unknown` }],
    [
      "a partial success",
      {
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ partialSuccess: { rejectedSpans: 1, errorMessage: `${SECRET} may not write` } }),
      },
    ],
    [
      "a remark",
      {
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ partialSuccess: { errorMessage: `hello ${SECRET}` } }),
      },
    ],
    ["a redirect", { status: 302, headers: { location: `https://x.example/${SECRET}?t=${SECRET}` } }],
    ["a content type", { headers: { "content-type": SECRET }, body: "x" }],
    ["its decoded form", { status: 403, body: `user bot:${SECRET}` }],
  ])("keeps secrets that the receiver repeats in %s", async (_, answer) => {
    const { url } = await startReceiver(answer);
    const result = await check(`${url}/v1/traces?api_key=${SECRET}`, target);
    expect(JSON.stringify(result)).not.toContain(SECRET);
  });

  it("is one line without escape sequences, whatever the receiver says", async () => {
    const result = await answered({ status: 500, body: "a\u001b[2J\u0007b\r\nc\u202ed" });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there.
    expect(sentence(result)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
  });

  it("names the variable that the value is from", async () => {
    const { url } = await startReceiver({ status: 401 });
    const sources = {
      otlpLogsEndpoint: "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT",
      otlpLogsHeaders: "OTEL_EXPORTER_OTLP_LOGS_HEADERS",
    };
    const refused = await check(`${url}/v1/logs`, {}, { signal: "logs", sources });
    expect(refused.check.remedy).toContain("OTEL_EXPORTER_OTLP_LOGS_HEADERS");
    const grpc = await startHttp2();
    const wrong = await check(`${grpc.url}/v1/logs`, {}, { signal: "logs", sources });
    expect(wrong.check.remedy).toContain("OTEL_EXPORTER_OTLP_LOGS_ENDPOINT=http://127.0.0.1:4318/v1/logs");
  });
});
