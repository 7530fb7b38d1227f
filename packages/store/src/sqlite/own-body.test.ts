import { describe, expect, it } from "vitest";
import { withOwnBody } from "./own-body.ts";

/** A body of so many bytes, of which each says where it is, in memory that may grow. */
function growing(length: number): Uint8Array<ArrayBuffer> {
  const body = new Uint8Array(new ArrayBuffer(length, { maxByteLength: 16 * 1_048_576 }));
  for (let at = 0; at < length; at += 1_000) body[at] = at / 1_000;
  return body;
}

describe("a body that was handed over", () => {
  it.each([
    ["of a fixed size", Uint8Array.from({ length: 5 }, (_, i) => i)],
    ["that could grow", growing(10_000)],
    ["that could grow, and is large", growing(5 * 1_048_576)],
  ])("%s is read as it is, and its memory is gone", (_what, body) => {
    const before = Buffer.from(body);
    const seen: { body?: Uint8Array; isSame?: boolean; isFixed?: boolean } = {};
    const answer = withOwnBody(body, (own) => {
      seen.body = own;
      seen.isFixed = !(own.buffer as ArrayBuffer).resizable;
      seen.isSame = before.equals(own);
      return "read";
    });
    expect([answer, seen.isSame]).toEqual(["read", true]);
    expect([body.byteLength, seen.body?.byteLength]).toEqual([0, 0]);
    expect(seen.isFixed).toBe(true);
  });

  it("is gone also when it could not be read", () => {
    const body = growing(100);
    expect(() =>
      withOwnBody(body, () => {
        throw new RangeError("no");
      }),
    ).toThrow("no");
    expect(body.byteLength).toBe(0);
  });
});
