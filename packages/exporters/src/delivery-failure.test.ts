import { describe, expect, it } from "vitest";
import { type DeliveryFailure, type DeliveryFailureKind, explainDeliveryFailure } from "./delivery-failure.ts";

const URL_OF_ALL = "http://collector:4318/v1/traces";

function explain(failure: Partial<DeliveryFailure>) {
  return explainDeliveryFailure({ url: URL_OF_ALL, protocol: "http/protobuf", ...failure });
}

describe("explainDeliveryFailure", () => {
  it.each<[string, DeliveryFailureKind]>([
    ["ECONNREFUSED", "connection_refused"],
    ["ENOTFOUND", "host_unknown"],
    ["EAI_NODATA", "host_unknown"],
    ["EAI_AGAIN", "name_service_silent"],
    ["NO_ADDRESS", "name_service_silent"],
    ["EHOSTUNREACH", "unreachable"],
    ["ENETUNREACH", "unreachable"],
    ["EADDRNOTAVAIL", "unreachable"],
    ["EACCES", "connection_forbidden"],
    ["EPERM", "connection_forbidden"],
    ["ETIMEDOUT", "never_connects"],
    ["NO_CONNECTION", "never_connects"],
    ["TIMEOUT", "never_answers"],
    ["ECONNRESET", "connection_closed"],
    ["EPIPE", "connection_closed"],
    ["HPE_INVALID_CONSTANT", "not_http"],
    ["HPE_HEADER_OVERFLOW", "unreadable_answer"],
    ["HTTP2_ANSWER", "grpc_port"],
    ["ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL", "grpc_port"],
    ["TLS_ANSWER", "tls_expected"],
    ["HTTP_ANSWER", "tls_not_spoken"],
    ["ERR_SSL_WRONG_VERSION_NUMBER", "tls_not_spoken"],
    ["ERR_SSL_PACKET_LENGTH_TOO_LONG", "tls_not_spoken"],
    ["DEPTH_ZERO_SELF_SIGNED_CERT", "certificate_untrusted"],
    ["SELF_SIGNED_CERT_IN_CHAIN", "certificate_untrusted"],
    ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "certificate_untrusted"],
    ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "certificate_untrusted"],
    ["CERT_REVOKED", "certificate_untrusted"],
    ["CERT_HAS_EXPIRED", "certificate_expired"],
    ["CERT_NOT_YET_VALID", "certificate_not_yet_valid"],
    ["ERR_TLS_CERT_ALTNAME_INVALID", "certificate_wrong_host"],
    ["ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED", "client_certificate_wanted"],
    ["ERR_SSL_UNSUPPORTED_PROTOCOL", "tls_failed"],
    ["EMFILE", "no_descriptors_left"],
    ["EWHATEVER", "unknown"],
  ])("knows the error %s as %s", (code, kind) => {
    const found = explain({ code });
    expect(found.kind).toBe(kind);
    expect(found.what).toMatch(/collector/);
    expect(found.remedy.length).toBeGreaterThan(10);
  });

  it.each<[number, DeliveryFailureKind]>([
    [301, "redirect"],
    [307, "redirect"],
    [400, "bad_request"],
    [401, "unauthorized"],
    [403, "forbidden"],
    [404, "wrong_path"],
    [405, "wrong_path"],
    [407, "proxy_login"],
    [409, "unexpected_status"],
    [413, "too_large"],
    [415, "wrong_protocol"],
    [426, "grpc_port"],
    [429, "rate_limited"],
    [464, "grpc_port"],
    [500, "server_error"],
    [501, "wrong_path"],
    [502, "gateway"],
    [503, "unavailable"],
    [504, "gateway"],
    [505, "grpc_port"],
    [507, "server_error"],
    [200, "not_otlp"],
  ])("knows the status %d as %s", (status, kind) => {
    const found = explain({ status, contentType: "text/html" });
    expect(found.kind).toBe(kind);
    expect(found.what).toMatch(/collector:4318/);
    expect(found.remedy.length).toBeGreaterThan(10);
  });

  it.each<[Partial<DeliveryFailure>, DeliveryFailureKind]>([
    [{ status: 400, message: "Client sent an HTTP request to an HTTPS server." }, "tls_expected"],
    [{ status: 400, message: "The plain HTTP request was sent to HTTPS port" }, "tls_expected"],
    [{ status: 400, message: "failed to unmarshal: proto: wrong wireType" }, "wrong_protocol"],
    [{ status: 400, message: 'json: cannot unmarshal "x"' }, "wrong_protocol"],
    [{ status: 400, message: "unsupported compression type gzip" }, "wrong_compression"],
    [{ status: 415, message: "unsupported content-encoding: gzip" }, "wrong_compression"],
    [{ status: 415, message: "invalid gRPC request content-type" }, "grpc_port"],
    [{ status: 403, message: "Unknown ALPN Protocol, expected `h2` to be available." }, "grpc_port"],
    [{ status: 403, message: "the content-type of your token" }, "forbidden"],
    [{ status: 200, rejected: 3, message: "too old" }, "partly_rejected"],
    [{ status: 200, rejected: 0, message: "soon gone" }, "accepted_with_message"],
    [{ code: "EPROTO", message: "routines:ssl3_get_record:wrong version number" }, "tls_not_spoken"],
    [{ code: "EPROTO", message: "something else" }, "tls_failed"],
    [{ code: "ECONNRESET", url: "http://collector:4317/v1/traces" }, "grpc_port"],
    [{ code: "HPE_INVALID_CONSTANT", url: "http://collector:4317/v1/traces" }, "grpc_port"],
    [{ code: "ECONNREFUSED", url: "http://collector:4317/v1/traces" }, "connection_refused"],
    [{}, "unknown"],
  ])("takes words and ports into account: %j", (failure, kind) => {
    expect(explain(failure).kind).toBe(kind);
  });

  it.each<[Partial<DeliveryFailure>, string]>([
    [
      { code: "ECONNREFUSED", url: "http://127.0.0.1:4318/v1/logs" },
      "nothing listens at http://127.0.0.1:4318: start the Collector there, or correct TELEMETRY_OTLP_ENDPOINT; in a container 127.0.0.1 is the container itself",
    ],
    [
      { code: "TIMEOUT", timeoutMs: 10_000 },
      "collector:4318 takes the connection and never answers (waited 10 s): see whether the Collector is stuck or overloaded, and whether this is its OTLP/HTTP port (4318 as a rule)",
    ],
    [
      { code: "HTTP2_ANSWER", url: "http://collector:4317/v1/traces" },
      "collector:4317 looks like the gRPC port, and OTLP is sent over HTTP: use the OTLP/HTTP port, 4318 as a rule: TELEMETRY_OTLP_ENDPOINT=http://collector:4318",
    ],
    [
      { status: 401, message: "no such key" },
      'http://collector:4318/v1/traces wants a token: there is none, or it is wrong (401): "no such key": put the right one into TELEMETRY_OTLP_HEADERS, such as {"authorization":"Bearer ..."}',
    ],
    [
      { status: 429, retryAfterMs: 30_000 },
      "http://collector:4318/v1/traces takes no more for now (429) and asks to wait 30 s: if it lasts, raise the limit there or send less (TELEMETRY_SAMPLE_RATIO, TELEMETRY_LOG_RECORDS)",
    ],
    [
      { status: 404, url: "http://collector:4318/" },
      "there is no OTLP receiver at http://collector:4318 (404): correct the path in TELEMETRY_OTLP_ENDPOINT: most receivers want it to end in /v1/traces, /v1/metrics or /v1/logs",
    ],
  ])("says in plain words what is the matter and what to do: %j", (failure, line) => {
    const { what, remedy } = explain(failure);
    expect(`${what}: ${remedy}`).toBe(line);
  });

  it("names the settings it is given", () => {
    const settings = {
      endpoint: "OTEL_EXPORTER_OTLP_ENDPOINT",
      headers: "OTEL_EXPORTER_OTLP_HEADERS",
      protocol: "OTEL_EXPORTER_OTLP_LOGS_PROTOCOL",
      compression: "OTEL_EXPORTER_OTLP_LOGS_COMPRESSION",
    };
    expect(explain({ code: "ENOTFOUND", settings }).remedy).toContain(settings.endpoint);
    expect(explain({ status: 401, settings }).remedy).toContain(settings.headers);
    expect(explain({ status: 415, settings }).remedy).toContain(`${settings.protocol}=http/json`);
    expect(explain({ status: 413, settings }).remedy).toContain(`${settings.compression}=gzip`);
  });

  const SECRET = "sk9-AbCdEfGh-0123456789";
  it.each<[string, Partial<DeliveryFailure>]>([
    ["the user of the URL", { url: `http://bot:${SECRET}@collector:4318/v1/traces`, status: 404 }],
    ["the query", { url: `${URL_OF_ALL}?key=${SECRET}`, status: 404 }],
    ["a key in the path", { url: `http://collector:4318/${SECRET}/v1/traces`, status: 404 }],
    ["the message", { status: 401, message: `key ${SECRET} is wrong`, secrets: [SECRET] }],
    ["the words of a header", { status: 401, message: `${SECRET}?`, secrets: [`Bearer ${SECRET}`] }],
    ["a part of a header", { status: 401, message: `no ${SECRET}`, secrets: [`tenant=1,key=${SECRET}`] }],
    ["basic credentials", { status: 401, message: `user bot:${SECRET}`, secrets: [`Basic ${btoa(`bot:${SECRET}`)}`] }],
    ["a token that nobody named", { status: 401, message: `Authorization: Bearer ${SECRET}` }],
    ["a redirect", { status: 302, location: `https://u:${SECRET}@x/${SECRET}?${SECRET}`, secrets: [SECRET] }],
    ["the content type", { status: 200, contentType: SECRET, secrets: [SECRET] }],
    ["a code", { code: SECRET }],
  ])("never shows a secret: %s", (_, failure) => {
    expect(JSON.stringify(explain(failure))).not.toContain(SECRET);
  });

  it("does not show a text that should be a URL and is none", () => {
    expect(JSON.stringify(explain({ url: `collector ${SECRET}`, code: "ECONNREFUSED" }))).not.toContain(SECRET);
  });

  it.each<[string, Partial<DeliveryFailure>]>([
    ["control characters", { status: 500, message: "a\u001b[31m\r\nb\u0000\u202e\u2028" }],
    ["a megabyte", { status: 500, message: "x y ".repeat(262_144) }],
    ["a lone surrogate", { status: 500, message: "\ud800" }],
    ["a long URL", { code: "ECONNREFUSED", url: `http://collector:4318/${"a/".repeat(900)}` }],
    ["nothing that is known", { status: Number.NaN, code: "" }],
    ["a status of no HTTP", { status: 999 }],
  ])("gives one short line, given %s", (_, failure) => {
    const { what, remedy } = explain(failure);
    for (const text of [what, remedy]) {
      expect(text).toMatch(/^[^\p{C}\p{Zl}\p{Zp}]+$/u);
      expect(text.length).toBeLessThanOrEqual(512);
    }
  });

  it("does not quote the text of a web page", () => {
    const { what } = explain({ status: 502, contentType: "text/html", message: "<html><h1>Bad Gateway" });
    const other = explain({ status: 500, message: "<!doctype html>" });
    expect(what + other.what).not.toContain("<");
  });

  it.each([null, 5, {}, [], "\ud800"])("never throws, given %j where a text should be", (value) => {
    const wrong = value as never;
    expect(() =>
      explain({ url: wrong, code: wrong, message: wrong, contentType: wrong, location: wrong }),
    ).not.toThrow();
    expect(() => explain({ status: 302, location: wrong, message: wrong })).not.toThrow();
  });
});
