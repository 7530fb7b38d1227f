// Reason codes: a closed vocabulary that hosts extend up front.
import { describe, expect, it } from "vitest";
import {
  BUILT_IN_REASON_CODES,
  defineReasonCodes,
  hostReasonCode,
  isReasonCode,
  REASON_CODES,
  type ReasonCode,
} from "./reason-code.ts";

describe("the built-in vocabulary", () => {
  it("has label names and one sentence each", () => {
    for (const [code, sentence] of Object.entries(REASON_CODES)) {
      expect(code).toMatch(/^[a-z][a-z0-9_]{0,63}$/);
      expect(sentence).toMatch(/^[A-Z].*\.$/);
    }
    expect(BUILT_IN_REASON_CODES.codes).toEqual(Object.keys(REASON_CODES));
  });

  it("is closed: names of the language are not in it", () => {
    expect(isReasonCode("insufficient_edge")).toBe(true);
    for (const value of ["constructor", "__proto__", "toString", "", "INSUFFICIENT_EDGE", 1, null, undefined, {}]) {
      expect(isReasonCode(value)).toBe(false);
      expect(BUILT_IN_REASON_CODES.describe(value)).toBeUndefined();
    }
  });
});

describe("hostReasonCode", () => {
  it("lets no text through that is not a label, whatever a vocabulary of the host's own making says", () => {
    const anything = { ...BUILT_IN_REASON_CODES, has: (_: unknown): _ is ReasonCode => true };
    expect(hostReasonCode('x","injected":"', anything)).toBe("other");
    expect(hostReasonCode(5, anything)).toBe("other");
    expect(hostReasonCode("halted", anything)).toBe("halted");
  });
});

describe("defineReasonCodes", () => {
  it("adds a host's codes to the built-in ones without changing those", () => {
    const codes = defineReasonCodes({ funding_unsettled: "The funding was not booked yet." });
    expect(codes.has("funding_unsettled")).toBe(true);
    expect(codes.has("insufficient_edge")).toBe(true);
    expect(codes.describe("funding_unsettled")).toBe("The funding was not booked yet.");
    expect(isReasonCode("funding_unsettled")).toBe(false);
    expect(Object.isFrozen(codes.codes)).toBe(true);
  });

  it("does not change when the declaration does", () => {
    const own: Record<string, string> = { one: "One." };
    const codes = defineReasonCodes(own);
    own.two = "Two.";
    expect(codes.has("two")).toBe(false);
  });

  it.each([
    [{ Funding: "x" }, 'reason code "Funding" is not a name'],
    [{ "1st": "x" }, 'reason code "1st" is not a name'],
    [{ "a-b": "x" }, 'reason code "a-b" is not a name'],
    [{ "": "x" }, 'reason code "" is not a name'],
    [{ ["a".repeat(65)]: "x" }, "is not a name"],
    [{ halted: "x" }, 'reason code "halted" is built in'],
    [{ fine: "" }, 'reason code "fine" has no sentence'],
    [{ fine: 5 }, 'reason code "fine" has no sentence'],
    [null, "declared as an object"],
    [Object.fromEntries(Array.from({ length: 201 }, (_, i) => [`c${i}`, "x"])), "201 reason codes are more than 200"],
  ])("throws at once on %j", (own, message) => {
    expect(() => defineReasonCodes(own as Record<string, string>)).toThrow(
      expect.objectContaining({ code: "reason_codes_malformed", message: expect.stringContaining(message) }),
    );
  });
});
