// Answers and what they mean: the words that tell more than the status, the settings that a remedy names, items that were refused.
import { describe, expect, it } from "vitest";
import { type DeliveryFailure, type DeliveryFailureKind, explainDeliveryFailure } from "./delivery-failure.ts";

function explain(failure: Partial<DeliveryFailure>) {
  return explainDeliveryFailure({ url: "https://collector:4318/v1/traces", protocol: "http/protobuf", ...failure });
}

/** An error page of nginx. */
const page = (title: string) =>
  `<html>\r\n<head><title>400 ${title}</title></head>\r\n<body>\r\n<center><h1>400 Bad Request</h1></center>\r\n<center>${title}</center>`;
const APACHE = `<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">
<html><head>
<title>400 Bad Request</title>
</head><body>
<h1>Bad Request</h1>
<p>Your browser sent a request that this server could not understand.<br />
Reason: You're speaking plain HTTP to an SSL-enabled server port.<br />`;

describe("an answer 400", () => {
  it.each<[string, DeliveryFailureKind]>([
    [page("No required SSL certificate was sent"), "client_certificate_wanted"],
    [page("The SSL certificate error"), "client_certificate_wanted"],
    [page("The plain HTTP request was sent to HTTPS port"), "tls_expected"],
    [APACHE, "tls_expected"],
    ["Bad Request\nThis combination of host and port requires TLS.\n", "tls_expected"],
    [page("Request Header Or Cookie Too Large"), "bad_request"],
    ["<!doctype html><script>JSON.parse('{}')</script> protobuf, gRPC and gzip content-encoding", "bad_request"],
    ['<?xml version="1.0"?><Error><Message>expected application/json content-type</Message></Error>', "bad_request"],
  ])("that is a web page is understood as far as it is about TLS: %j", (message, kind) => {
    const found = explain({ status: 400, contentType: "text/html", message });
    expect(found.kind).toBe(kind);
    expect(explain({ status: 400, message }).kind).toBe(kind);
    expect(found.what + found.remedy).not.toContain("<");
  });

  it("that is a web page of no known sort sends nobody to the protocol", () => {
    const { what, remedy } = explain({ status: 400, contentType: "text/html", message: page("Bad Request") });
    expect(what).toContain("does not understand the request (400), and answers with a web page");
    expect(remedy).not.toContain("PROTOCOL");
    expect(remedy).toContain("TELEMETRY_OTLP_ENDPOINT");
  });

  it.each([
    "json: tenant missing",
    '{"error":"the json field tenant is required"}',
    "could not parse tenant id",
    "error parsing header X-Scope-OrgID",
    "parsing time: year is out of range",
    "cannot decode the token",
  ])("about something else is no matter of the protocol: %s", (message) => {
    expect(explain({ status: 400, message }).kind).toBe("bad_request");
  });

  it.each([
    "proto: cannot parse invalid wire-format data",
    "failed to unmarshal: proto: wrong wireType = 0 for field TraceId",
    'json: cannot unmarshal "x"',
    "invalid character '\\n' looking for beginning of value",
    "Unexpected token 'x', \"x\" is not valid JSON",
    "invalid JSON",
    "expected JSON",
    "only json is supported",
    "failed to decode request body",
    "error parsing JSON payload",
    "Content-Type must be application/json",
  ])("about the format of the body is one: %s", (message) => {
    expect(explain({ status: 400, message }).kind).toBe("wrong_protocol");
  });
});

describe("the remedy", () => {
  it("shows a token in the syntax of the setting that it names", () => {
    const remedyFor = (headers: string) => explain({ status: 401, settings: { headers } }).remedy;
    expect(remedyFor("OTEL_EXPORTER_OTLP_LOGS_HEADERS")).toBe(
      "put the right one into OTEL_EXPORTER_OTLP_LOGS_HEADERS, such as authorization=Bearer%20...",
    );
    for (const setting of ["TELEMETRY_OTLP_HEADERS", "otlpHeaders"])
      expect(remedyFor(setting)).toBe(`put the right one into ${setting}, such as {"authorization":"Bearer ..."}`);
  });

  it("for a gRPC port has a path only in a setting of one signal, and shows no more of it than elsewhere", () => {
    const secret = "sk9AbCdEfGh0123456789";
    const remedyFor = (endpoint: string) =>
      explain({ url: `http://collector:4317/${secret}/v1/logs`, code: "HTTP2_ANSWER", settings: { endpoint } }).remedy;
    expect(remedyFor("TELEMETRY_OTLP_ENDPOINT")).toMatch(/TELEMETRY_OTLP_ENDPOINT=http:\/\/collector:4318$/);
    for (const setting of ["OTEL_EXPORTER_OTLP_LOGS_ENDPOINT", "otlpLogsEndpoint"])
      expect(remedyFor(setting)).toMatch(`${setting}=http://collector:4318/***/v1/logs`);
  });
});

describe("a request that was taken in part", () => {
  it("is told with the number and the name of what was refused, and in the receiver's words", () => {
    const failure = { status: 200, rejected: 3, items: "spans", message: "older than 7 days" };
    expect(explain(failure)).toEqual({
      kind: "partly_rejected",
      what: '3 of the spans in a request were refused by https://collector:4318/v1/traces: "older than 7 days"',
      remedy: "mend what the receiver names; what it refused is not sent again",
    });
    expect(explain({ ...failure, rejected: 1 }).what).toMatch(/^1 of the spans in a request was refused/);
    expect(explain({ status: 200, rejected: 2 }).what).toMatch(/^2 of the items in a request were refused/);
  });

  it("sends people to the receiver's log when the receiver gives no reason", () => {
    expect(explain({ status: 200, rejected: 3 }).remedy).toMatch(/^see the receiver's log, since it does not say why;/);
  });
});
