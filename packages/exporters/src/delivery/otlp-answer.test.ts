// What an answer means, without a network: statuses, partial success, pages, garbage, and the header `Retry-After`.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readOtlpAnswer } from "./otlp-answer.ts";
import { MAX_RETRY_AFTER_MS, parseRetryAfter } from "./retry-after.ts";
import type { OtlpSignal } from "./sender.ts";

const PROTOBUF = { "content-type": "application/x-protobuf" };
const JSON_TYPE = { "content-type": "application/json; charset=utf-8" };
const SIGNALS = ["traces", "logs", "metrics"] as const;
const REJECTED: Readonly<Record<OtlpSignal, string>> = {
  traces: "rejectedSpans",
  logs: "rejectedLogRecords",
  metrics: "rejectedDataPoints",
};

/** `partial_success { rejected, error_message }`, by hand: fields 1 and 2 of field 1 of a response of any signal. */
function partialSuccess(rejected: number, message: string): Buffer {
  const text = Buffer.from(message, "utf8");
  const inner = Buffer.concat([Buffer.from([0x08, rejected, 0x12, text.length]), text]);
  return Buffer.concat([Buffer.from([0x0a, inner.length]), inner]);
}

const answer = (status: number, headers: Record<string, string> = {}, body: string | Buffer = "") => ({
  status,
  headers,
  body: Buffer.from(body),
});

describe("an answer", () => {
  it.each([
    [200, "delivered"],
    [202, "delivered"],
    [204, "delivered"],
    [301, "rejected"],
    [302, "rejected"],
    [307, "rejected"],
    [400, "rejected"],
    [401, "rejected"],
    [403, "rejected"],
    [404, "rejected"],
    [408, "retry"],
    [413, "rejected"],
    [429, "retry"],
    [500, "server_error"],
    [501, "rejected"],
    [502, "retry"],
    [503, "retry"],
    [504, "retry"],
    [505, "rejected"],
  ])("%i: %s", (status, kind) => {
    expect(readOtlpAnswer("traces", answer(status), 5)).toMatchObject({ kind });
  });

  it.each(SIGNALS)("tells of a partial success of %s, in protobuf and in JSON", (signal) => {
    const expected = { kind: "delivered", rejected: 3, message: "too old" };
    expect(readOtlpAnswer(signal, answer(200, PROTOBUF, partialSuccess(3, "too old")), 5)).toEqual(expected);
    for (const count of [3, "3"]) {
      const body = JSON.stringify({ partialSuccess: { [REJECTED[signal]]: count, errorMessage: "too old" } });
      expect(readOtlpAnswer(signal, answer(200, JSON_TYPE, body), 5)).toEqual(expected);
    }
    const warning = readOtlpAnswer(signal, answer(200, PROTOBUF, partialSuccess(0, "slow down")), 5);
    expect(warning).toEqual({ kind: "delivered", rejected: 0, message: "slow down" });
  });

  it.each([
    [{ rejectedSpans: 1e9 }, 5],
    [{ rejectedSpans: -1 }, 0],
    [{ rejectedSpans: 2.9 }, 2],
    [{ rejectedSpans: "many" }, 0],
    [{ rejectedSpans: 2, errorMessage: { toString: 1 } }, 2],
    [null, 0],
    ["3", 0],
  ])("whose partial success is %j has rejected %i of five", (partial, rejected) => {
    const body = JSON.stringify({ partialSuccess: partial });
    expect(readOtlpAnswer("traces", answer(200, JSON_TYPE, body), 5)).toMatchObject({ kind: "delivered", rejected });
  });

  it("that is a web page has thrown away what it got: it is sent again", () => {
    for (const type of ["text/html", "text/html; charset=utf-8", "Text/HTML"]) {
      const outcome = readOtlpAnswer("traces", answer(200, { "content-type": type }, "<h1>Log in</h1>"), 5);
      expect(outcome).toMatchObject({ kind: "retry", failure: { status: 200, contentType: type } });
    }
  });

  it.each(["text/html", "application/xhtml+xml", "text/plain"])(
    "that is a page of type %s is told in its own words, far enough to find what it is about",
    (type) => {
      const page = `\n<html>${"<!-- -->".repeat(40)}<h1>No required SSL certificate was sent</h1>${"<br>".repeat(1_000)}`;
      const outcome = readOtlpAnswer("traces", answer(400, { "content-type": type }, page), 5);
      const { message } = (outcome as { failure: { message: string } }).failure;
      expect(message).toMatch(/^<html>.*No required SSL certificate was sent/);
      expect(message.length).toBeLessThan(510);
    },
  );

  it("200 with any other body is taken: no body makes it something else, or throws", () => {
    const types = fc.constantFrom(
      undefined,
      "",
      "application/json",
      "application/x-protobuf",
      "text/plain",
      "image/png",
    );
    fc.assert(
      fc.property(fc.constantFrom(...SIGNALS), types, fc.uint8Array({ maxLength: 200 }), (signal, type, body) => {
        const headers = type === undefined ? {} : { "content-type": type };
        const outcome = readOtlpAnswer(signal, { status: 200, headers, body }, 5);
        expect(outcome.kind).toBe("delivered");
        const { rejected } = outcome as { rejected: number };
        expect(Number.isInteger(rejected) && rejected >= 0 && rejected <= 5).toBe(true);
      }),
      { numRuns: 1_000 },
    );
    expect(readOtlpAnswer("traces", answer(200, { "content-type": "text/plain" }, partialSuccess(3, "x")), 5)).toEqual({
      kind: "delivered",
      rejected: 0,
    });
  });

  it("that fails is quoted in one short line that can be printed", () => {
    const said = `bad\r\nrequest \u001b[31m\u0000 in field \u{1f680} ${"x".repeat(1_000)}`;
    const outcome = readOtlpAnswer("traces", answer(400, { "content-type": "text/plain" }, said), 1);
    const { message } = (outcome as { failure: { message: string } }).failure;
    expect(message).toMatch(/^bad request +\[31m +in field +x+\.\.\.$/);
    expect(message.length).toBeLessThan(510);
  });

  it("asks for a wait, which is told as it is and granted up to 60 s", () => {
    for (const status of [429, 503]) {
      const outcome = readOtlpAnswer("traces", answer(status, { "retry-after": "7200" }), 1);
      expect(outcome).toMatchObject({ retryAfterMs: MAX_RETRY_AFTER_MS, failure: { retryAfterMs: 7_200_000 } });
    }
    expect(readOtlpAnswer("traces", answer(429, { "retry-after": "0" }), 1)).toMatchObject({ retryAfterMs: 0 });
  });

  it("names where a redirect leads, and when to come again", () => {
    expect(readOtlpAnswer("traces", answer(302, { location: "https://login.example" }), 1)).toMatchObject({
      kind: "rejected",
      failure: { status: 302, location: "https://login.example" },
    });
    expect(readOtlpAnswer("traces", answer(503, { "retry-after": "7" }), 1)).toMatchObject({ retryAfterMs: 7_000 });
    expect(readOtlpAnswer("traces", answer(500, { "retry-after": "7" }), 1)).not.toHaveProperty("retryAfterMs");
  });
});

describe("Retry-After", () => {
  const YEAR_MS = 365 * 86_400_000;
  const now = Date.UTC(2026, 10, 20, 12, 0, 0);

  it.each([
    ["1", 1_000],
    ["0", 0],
    [" 5 ", 5_000],
    ["60", 60_000],
    ["7200", 7_200_000],
    ["1000000000", YEAR_MS],
    ["9".repeat(400), YEAR_MS],
    ["Fri, 20 Nov 2026 12:00:30 GMT", 30_000],
    ["Friday, 20-Nov-26 12:00:30 GMT", 30_000],
    ["Fri Nov 20 12:00:30 2026 GMT", 30_000],
    ["Fri, 20 Nov 2026 11:00:00 GMT", 0],
    ["Fri, 20 Nov 2099 11:00:00 GMT", YEAR_MS],
    ["1e9", undefined],
    ["-5", undefined],
    ["1.5", undefined],
    ["soon", undefined],
    ["Fri, garbage", undefined],
    ["", undefined],
    ["   ", undefined],
    [undefined, undefined],
  ])("%j is %s ms", (header, expected) => {
    expect(parseRetryAfter(header, now)).toBe(expected);
  });

  it("is nothing, or from 0 to a year, whatever it says", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.integer(), (text, at) => {
        const ms = parseRetryAfter(text, at);
        expect(ms === undefined || (ms >= 0 && ms <= YEAR_MS)).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });
});
