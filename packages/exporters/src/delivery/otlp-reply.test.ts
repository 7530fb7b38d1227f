// Bodies of answers in the 200s: read by their type, in protobuf and in both spellings of JSON.
import { describe, expect, it } from "vitest";
import { readOtlpReply } from "./otlp-reply.ts";

const PROTOBUF = "application/x-protobuf";
const JSON_TYPE = "application/json";

/** `partial_success { rejected, error_message }` with a message of so many bytes in all. */
function partialSuccess(rejected: number, message: string): Buffer {
  const inner = Buffer.concat([Buffer.from([0x08, rejected, 0x12, message.length]), Buffer.from(message)]);
  return Buffer.concat([Buffer.from([0x0a, inner.length]), inner]);
}

const read = (contentType: string, body: string | Buffer, signal: "traces" | "metrics" | "logs" = "traces") =>
  readOtlpReply(signal, contentType, Buffer.from(body));

describe("the body of an answer in the 200s", () => {
  it("in protobuf is believed to be that, whatever text its bytes would be", () => {
    // The length of what is inside is the second byte: "<" is 60, "{" is 123.
    for (const units of [60 - 4, 123 - 4, 20]) {
      const body = partialSuccess(3, "x".repeat(units));
      const expected = { kind: "otlp", rejected: 3, message: "x".repeat(units) };
      for (const type of [PROTOBUF, "application/octet-stream", ""]) expect(read(type, body)).toEqual(expected);
    }
  });

  it.each([
    ["traces", "rejected_spans", "rejectedSpans"],
    ["metrics", "rejected_data_points", "rejectedDataPoints"],
    ["logs", "rejected_log_records", "rejectedLogRecords"],
  ] as const)("in JSON has the names of %s in both spellings", (signal, inProto, inJson) => {
    const expected = { kind: "otlp", rejected: 2, message: "old" };
    for (const body of [
      { partial_success: { [inProto]: "2", error_message: "old" } },
      { partialSuccess: { [inJson]: 2, errorMessage: "old" } },
      { partialSuccess: { [inProto]: 2, error_message: "old" } },
    ])
      expect(read(JSON_TYPE, JSON.stringify(body), signal)).toEqual(expected);
  });

  it.each([
    ["nothing", PROTOBUF, ""],
    ["nothing, and no type", "", ""],
    ["blanks", JSON_TYPE, " \n"],
    ["an empty object", JSON_TYPE, "{}"],
    ["an empty partial success", JSON_TYPE, '{"partialSuccess":{}}'],
    ["an empty partial success in protobuf", PROTOBUF, Buffer.from([0x0a, 0])],
    ["an object of a type that nobody named", "", "{}"],
  ])("says that all was taken with %s", (_, type, body) => {
    expect(read(type, body)).toEqual({ kind: "otlp", rejected: 0, message: "" });
  });

  it.each([
    ["strange", JSON_TYPE, '{"status":"ok"}'],
    ["page", "text/html; charset=utf-8", "<html>"],
    ["page", "Text/HTML", ""],
    ["none", JSON_TYPE, "<html>"],
    ["none", JSON_TYPE, "[]"],
    ["none", JSON_TYPE, "null"],
    ["none", PROTOBUF, "OK"],
    ["none", "text/plain", "OK"],
    ["none", "text/plain", '{"partialSuccess":{"rejectedSpans":3}}'],
    ["none", "", "{"],
  ])("is %s with %s and %j", (kind, type, body) => {
    expect(read(type, body)).toEqual({ kind, rejected: 0, message: "" });
  });

  it("is that of OTLP when a partial success stands beside something else", () => {
    const body = JSON.stringify({ status: "ok", partialSuccess: { rejectedSpans: 1 } });
    expect(read(JSON_TYPE, body)).toMatchObject({ kind: "otlp", rejected: 1 });
  });
});
