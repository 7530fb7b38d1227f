// What a person reads on stderr while delivery fails.
import { describe, expect, it } from "vitest";
import { createDeliveryWarnings, type DestinationFacts, describeDeliveryFailure } from "./delivery-warnings.ts";
import type { SendFailure } from "./sender.ts";

const FACTS: DestinationFacts = {
  url: "http://collector:4318/v1/traces",
  protocol: "http/protobuf",
  timeoutMs: 10_000,
  secrets: ["Bearer s3cr3t-t0k3n"],
};

function describeSpans(failure: SendFailure, isFinal = false, facts: Partial<DestinationFacts> = {}): string {
  return describeDeliveryFailure("spans", failure, isFinal, { ...FACTS, ...facts });
}

describe("a line about a request that did not get through", () => {
  it("says what is the matter, what becomes of the request, and what to do", () => {
    expect(describeSpans({ code: "ECONNREFUSED", message: "" })).toBe(
      "spans are not getting through: nothing listens at http://collector:4318; they wait and are sent later. Remedy: start the Collector there, or correct TELEMETRY_OTLP_ENDPOINT",
    );
    expect(describeSpans({ status: 400, message: "no" }, true)).toMatch(
      /^spans are not getting through: .* does not understand the request \(400\): "no"; what was in the request is dropped and counted\. Remedy: /,
    );
  });

  it("says how long was waited, and how long the receiver asks to wait", () => {
    expect(describeSpans({ code: "TIMEOUT", message: "" })).toContain("never answers (waited 10 s)");
    expect(describeSpans({ status: 429, message: "", retryAfterMs: 7_200_000 })).toContain("asks to wait 2 h");
  });

  it("names the settings that it is given", () => {
    const settings = { headers: "OTEL_EXPORTER_OTLP_LOGS_HEADERS" };
    expect(describeSpans({ status: 401, message: "" }, true, { settings })).toMatch(
      /Remedy: put the right one into OTEL_EXPORTER_OTLP_LOGS_HEADERS/,
    );
  });

  it("shows no secret of the headers or the URL, also when the receiver repeats them", () => {
    const key = "sk9AbCdEfGh0123456789";
    const url = `http://collector:4318/${key}/v1/traces?key=a%2Fb${key}`;
    const message = `s3cr3t-t0k3n is no token at /${key}/v1/traces?key=a%2Fb${key} (a/b${key})`;
    const line = describeSpans({ status: 401, message }, true, { url });
    for (const secret of ["s3cr3t", key]) expect(line).not.toContain(secret);
    expect(line).toContain('"*** is no token at /***/v1/traces?key=*** (');
  });
});

describe("a line about a request of which a part was refused", () => {
  it("says how many of what, in the receiver's words, and nothing about the rest", () => {
    expect(describeSpans({ status: 200, rejected: 3, message: "too old" }, true)).toBe(
      '3 of the spans in a request were refused by http://collector:4318/v1/traces: "too old"; what is refused is dropped and counted. Remedy: mend what the receiver names; what it refused is not sent again',
    );
  });

  it.each([
    ["traces", "spans"],
    ["logs", "log records"],
    ["metrics", "data points"],
    ["spans", "spans"],
  ])("calls the items of %s %s", (signal, items) => {
    const line = describeDeliveryFailure(signal, { status: 200, rejected: 1, message: "" }, true, FACTS);
    expect(line).toMatch(new RegExp(`^1 of the ${items} in a request was refused by `));
  });

  it("does not keep it from being said that nothing gets through", () => {
    const lines: string[] = [];
    const warnings = createDeliveryWarnings(
      (line) => lines.push(line),
      () => FACTS,
    );
    for (let i = 0; i < 3; i++) {
      warnings.failed("spans", { status: 200, rejected: 1, message: "too old" }, true);
      warnings.failed("spans", { code: "ECONNREFUSED", message: "" }, false);
    }
    expect(lines).toEqual([
      expect.stringMatching(/^tracebook: 1 of the spans/),
      expect.stringMatching(/^tracebook: spans are not getting through/),
    ]);
  });
});
