import { describe, expect, it } from "vitest";
import { shiftEventTimes } from "./event-time.ts";

describe("shifting event times", () => {
  it("moves E and T wherever they are and leaves every other byte alone", () => {
    const text =
      '{"stream":"btcusdt@bookTicker","data":{"e":"bookTicker","u":5123107839020,"s":"BTCUSDT","b":"61800.20","t":1723161256313,"T":1723161256313,"E":1723161256314}}';
    expect(shiftEventTimes(text, 1_000)).toBe(
      '{"stream":"btcusdt@bookTicker","data":{"e":"bookTicker","u":5123107839020,"s":"BTCUSDT","b":"61800.20","t":1723161256313,"T":1723161257313,"E":1723161257314}}',
    );
  });

  it("leaves a message without times as it is", () => {
    const text = '{"stream":"btcusdt@bookTicker","data":{"u":212,"s":"BTCUSDT","b":"1","B":"2","a":"3","A":"4"}}';
    expect(shiftEventTimes(text, 1_000)).toBe(text);
  });

  it("is not taken in by strings, fractions or other keys", () => {
    const text = String.raw`{"note":"\"E\":1723161256314,","E":17231612563.14,"EE":1723161256314,"T":"1723161256314"}`;
    expect(shiftEventTimes(text, 1_000)).toBe(text);
  });
});
