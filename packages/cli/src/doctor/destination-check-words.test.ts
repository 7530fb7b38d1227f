// What is said of a destination: no secrets, nothing that acts on a terminal, and the settings that are meant.
import { describe, expect, it } from "vitest";
import { answered, check, sentence } from "../../test/destinations.ts";
import { type Answer, startHttp2, startReceiver } from "../../test/receivers.ts";

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
    ["a text that is cut off within it", { status: 403, body: `${"no ".repeat(160)}${SECRET.repeat(9)}` }],
  ])("keeps secrets that the receiver repeats in %s", async (_, answer) => {
    const { url } = await startReceiver(answer);
    const result = await check(`${url}/v1/traces?api_key=${SECRET}`, target);
    expect(JSON.stringify(result)).not.toContain(SECRET);
  });

  it("keeps what is secret in the URL, as it is sent and as it is meant", async () => {
    const { url } = await startReceiver(({ path }) => ({
      status: 401,
      body: `no access to ${path} for ${new URLSearchParams(path.split("?")[1]).get("k")}`,
    }));
    const result = await check(`${url}/${SECRET}/v1/traces?k=a%2Fb%3D${SECRET}`);
    expect(result.check.what).toContain('"no access to /***/v1/traces?k=*** for ***"');
    expect(JSON.stringify(result)).not.toContain(SECRET);
  });

  it("keeps what is secret in the URL out of the remedy, too", async () => {
    const { url } = await startHttp2();
    const sources = { otlpTracesEndpoint: "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT" };
    const result = await check(`${url}/${SECRET}/v1/traces`, {}, { sources });
    expect(result.check.remedy).toMatch(
      /OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=http:\/\/127\.0\.0\.1:4318\/\*\*\*\/v1\/traces$/,
    );
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
