// What docs/doctor.md promises: a running service says of a destination what `tracebook doctor` says of it.
import { createOtlpHttpSender, describeDeliveryFailure, type SendFailure } from "@tracebook/exporters";
import { deliveryFactsOf, type OtlpTarget } from "@tracebook/node/doctor";
import { expect, it, onTestFinished } from "vitest";
import { check } from "../../test/destinations.ts";
import { type Answer, freePort, startNeverConnecting, startReceiver, startTcp } from "../../test/receivers.ts";

const SOURCES = {
  otlpTracesEndpoint: "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
  otlpTracesHeaders: "OTEL_EXPORTER_OTLP_TRACES_HEADERS",
};
const TIMEOUT_MS = 1_500;

/** The line of a service with these settings. */
async function lineOfService(target: OtlpTarget): Promise<string> {
  const sender = createOtlpHttpSender({ ...target, signal: "traces", timeoutMs: TIMEOUT_MS });
  onTestFinished(() => sender.close());
  const outcome = await sender.send({ bytes: Buffer.from("a body"), format: "protobuf", items: 1 });
  const failure: SendFailure =
    outcome.kind === "delivered"
      ? { status: 200, message: outcome.message ?? "", rejected: outcome.rejected }
      : outcome.failure;
  const facts = { ...deliveryFactsOf("traces", target, SOURCES), timeoutMs: TIMEOUT_MS };
  return describeDeliveryFailure("spans", failure, false, facts);
}

const html = { "content-type": "text/html" };
const json = { "content-type": "application/json" };
const NGINX = "<html><head><title>400 No required SSL certificate was sent</title></head></html>";
const answers: readonly (readonly [string, Answer])[] = [
  ["400", { status: 400, body: "proto: cannot parse invalid wire-format data" }],
  ["400 and a web page", { status: 400, headers: html, body: NGINX }],
  ["401 and a long text", { status: 401, body: "you have no token, ".repeat(99) }],
  ["403", { status: 403, body: "no" }],
  ["404 and a web page", { status: 404, headers: html, body: "<h1>404</h1>" }],
  ["429 with a wait", { status: 429, headers: { "retry-after": "7200" } }],
  ["503 with a date", { status: 503, headers: { "retry-after": "Fri, 20 Nov 2026 12:00:30 GMT" } }],
  ["503 with a wait without sense", { status: 503, headers: { "retry-after": "9".repeat(30) } }],
  ["500 in bytes", { status: 500, body: Buffer.from([0x0a, 5, 0xff, 0xfe, 0x6f, 0x68, 0x20]) }],
  ["302 to a login", { status: 302, headers: { location: "/login?next=1" } }],
  ["200 and a web page", { headers: html, body: "<title>Grafana" }],
  ["a part refused", { headers: json, body: '{"partialSuccess":{"rejectedSpans":"1","errorMessage":"too old"}}' }],
  ["a part refused, told as the proto spells it", { headers: json, body: '{"partial_success":{"rejected_spans":1}}' }],
];

async function answering(answer: Answer): Promise<string> {
  return (await startReceiver(answer)).url;
}

const closing = (answer: string) => async () =>
  (await startTcp((socket) => socket.once("data", () => socket.end(answer)))).url;

it.each<[string, () => Promise<string>]>([
  ...answers.map(([name, answer]): [string, () => Promise<string>] => [name, () => answering(answer)]),
  ["nobody there", async () => `http://127.0.0.1:${await freePort()}`],
  ["no connection", async () => (await startNeverConnecting()).url],
  ["no answer", async () => (await startTcp(() => {})).url],
  ["no end of the answer", async () => (await startTcp((socket) => socket.write("HTTP/1.1 200 OK\r\n\r\n{"))).url],
  ["an answer that is cut off", closing("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{")],
  ["an answer that becomes unreadable", closing("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n")],
  ["an answer that is no HTTP", closing("220 mail.example ESMTP\r\n")],
  ["an answer that cannot be read", closing("HTTP/1.1 200 OK\r\nno header\r\n\r\n")],
  ["no answer but an end", closing("")],
])("a service has the same words for %s", async (_, start) => {
  const url = `${await start()}/v1/traces`;
  const target = { url, headers: {}, protocol: "http/protobuf", timeoutMs: 10_000, compression: "none" } as const;
  const [found, line] = await Promise.all([
    check(url, target, { sources: SOURCES, timeoutMs: TIMEOUT_MS }),
    lineOfService(target),
  ]);
  expect(line).toContain(found.check.what);
  expect(line).toMatch(/ Remedy: /);
  expect(line.split(" Remedy: ")[1]).toBe(found.check.remedy);
});
