// What a service says on stderr while its Collector refuses: of the variables that are set, with the times that count, without secrets.
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { resolveConfig } from "./config.ts";
import { createDropLedger } from "./drop-ledger.ts";
import { createOtlpDelivery } from "./otlp-delivery.ts";

async function startReceiver(listener: RequestListener): Promise<string> {
  const server = createServer(
    (request, response) => void request.resume().on("end", () => listener(request, response)),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Sends one log record as a service with this environment would; resolves to the first line about it. */
async function lineAbout(env: Record<string, string>): Promise<string> {
  const { config } = resolveConfig({ enabled: true, spool: false }, env);
  const lines: string[] = [];
  const { delivery, logs } = createOtlpDelivery(
    config,
    createDropLedger((line) => lines.push(line)),
    () => {},
  );
  onTestFinished(() => delivery.close(0));
  logs!.lane.push({ bytes: Buffer.from("x"), format: "protobuf", items: 1, bornEpochMs: Date.now() });
  void logs!.lane.flush(10_000);
  await expect.poll(() => lines[0], { timeout: 10_000 }).toBeDefined();
  return lines[0]!;
}

describe("the line about a request that did not get through", () => {
  it("names the variables of the one signal that they are from, in their syntax", async () => {
    const url = await startReceiver((_, response) => response.writeHead(401).end());
    const line = await lineAbout({
      OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: `${url}/v1/logs`,
      OTEL_EXPORTER_OTLP_LOGS_HEADERS: "authorization=Bearer%20wrong-token",
    });
    expect(line).toMatch(/^tracebook: logs are not getting through: .*\/v1\/logs wants a token/);
    expect(line).toMatch(
      /put the right one into OTEL_EXPORTER_OTLP_LOGS_HEADERS, such as authorization=Bearer%20\.\.\.$/,
    );
  });

  it("tells of a web page what it is about", async () => {
    const page = "<html><head><title>400 The plain HTTP request was sent to HTTPS port</title></head></html>";
    const url = await startReceiver((_, response) =>
      response.writeHead(400, { "content-type": "text/html" }).end(page),
    );
    const line = await lineAbout({ OTEL_EXPORTER_OTLP_ENDPOINT: url });
    expect(line).toContain("speaks TLS, and the URL says http://");
    expect(line).toMatch(/write https:\/\/ in OTEL_EXPORTER_OTLP_ENDPOINT$/);
    expect(line).not.toContain("<");
  });

  it("says how long was waited, which is the least of the times that are set", async () => {
    const url = await startReceiver(() => {});
    const line = await lineAbout({
      TELEMETRY_OTLP_ENDPOINT: url,
      OTEL_EXPORTER_OTLP_TIMEOUT: "60000",
      OTEL_BLRP_EXPORT_TIMEOUT: "300",
    });
    expect(line).toContain("takes the connection and never answers (waited 300 ms)");
  });

  it("says how long the receiver asks to wait", async () => {
    const url = await startReceiver((_, response) => response.writeHead(429, { "retry-after": "7200" }).end());
    expect(await lineAbout({ TELEMETRY_OTLP_ENDPOINT: url })).toContain(
      "takes no more for now (429) and asks to wait 2 h",
    );
  });

  it("is of another sort when only a part was refused, and has the receiver's words", async () => {
    const body = JSON.stringify({ partialSuccess: { rejectedLogRecords: "1", errorMessage: "older than 7 days" } });
    const url = await startReceiver((_, response) =>
      response.writeHead(200, { "content-type": "application/json" }).end(body),
    );
    expect(await lineAbout({ TELEMETRY_OTLP_ENDPOINT: url })).toMatch(
      /^tracebook: 1 of the log records in a request was refused by .*\/v1\/logs: "older than 7 days"; what is refused is dropped and counted\. Remedy: mend what the receiver names/,
    );
  });

  it("holds no secret of the path or the query, not even as the receiver repeats it", async () => {
    const secret = "sk9AbCdEfGh0123456789";
    const url = await startReceiver(({ url: path }, response) => response.writeHead(401).end(`no access to ${path}`));
    const line = await lineAbout({ OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: `${url}/${secret}/v1/logs?key=a%2Fb${secret}` });
    expect(line).toContain('"no access to /***/v1/logs?key=***"');
    expect(line).not.toContain(secret);
  });
});
