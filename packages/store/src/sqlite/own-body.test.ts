import { expect, it } from "vitest";
import { withOwnBody } from "./own-body.ts";

it("a body that was handed over is read as it is, and its memory is gone", () => {
  const body = Uint8Array.of(1, 2, 3);
  expect(withOwnBody(body, (own) => [...own])).toEqual([1, 2, 3]);
  expect(body.byteLength).toBe(0);
});

it("and it is gone also when it could not be read", () => {
  const body = Uint8Array.of(1, 2, 3);
  const fail = () => {
    throw new RangeError("no");
  };
  expect(() => withOwnBody(body, fail)).toThrow("no");
  expect(body.byteLength).toBe(0);
});
