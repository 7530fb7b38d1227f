import { afterEach, describe, expect, it, vi } from "vitest";
import { createJsonWriter } from "./byte-json-writer.ts";
import { createRedactor } from "./redaction.ts";
import { createUtf8Copy } from "./utf8-copy.ts";

afterEach(() => vi.unstubAllGlobals());

const text = "a plain text of more than thirty-two characters";

describe.each(["with Node's Buffer", "without it"])("%s", (runtime) => {
  it("text is copied to its place, and nothing before it changes", () => {
    if (runtime === "without it") vi.stubGlobal("Buffer", undefined);
    const bytes = new Uint8Array(64).fill(1);
    const copy = createUtf8Copy(bytes);
    expect(copy("aé价\ud800", 3)).toBe(9);
    expect([...bytes.subarray(0, 13)]).toEqual([1, 1, 1, ...new TextEncoder().encode("aé价\ufffd"), 1]);
  });

  it("the writer writes the same bytes", () => {
    if (runtime === "without it") vi.stubGlobal("Buffer", undefined);
    const out = createJsonWriter({ redactor: createRedactor(), initialBytes: 64 });
    out.raw(`{"a_fragment_of_more_than_twenty_four_bytes":`);
    out.plain(text);
    out.raw(`,"é":`);
    out.value([text, "é", 1]);
    out.raw("}");
    expect(JSON.parse(new TextDecoder().decode(out.bytes.subarray(0, out.length)))).toEqual({
      a_fragment_of_more_than_twenty_four_bytes: text,
      é: [text, "é", 1],
    });
  });
});
