// Records of a spool: what is written is what is read, format 1 for ever, and no bit can change unseen.
import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { deadFolder, drainSpool, EVIDENCE, openSpool, requestOf, TRACES, testFolder } from "../../test/spools.ts";
import {
  checksumOf,
  decodeSpoolHeader,
  encodeSpoolHeader,
  SPOOL_DONE,
  SPOOL_HEADER_BYTES,
  SPOOL_STATE_AT,
} from "./spool-record.ts";

const requests = fc.record({
  bytes: fc.uint8Array({ maxLength: 300 }),
  format: fc.constantFrom("protobuf" as const, "json" as const),
  items: fc.nat({ max: 2 ** 32 - 1 }),
  bornEpochMs: fc.double({ min: 0, max: 8.64e15, noNaN: true }),
});

describe("a header", () => {
  it("decode(encode(request)) = request", () => {
    fc.assert(
      fc.property(requests, (request) => {
        const header = encodeSpoolHeader(request, request.bornEpochMs);
        expect(header).toHaveLength(SPOOL_HEADER_BYTES);
        expect(decodeSpoolHeader(header)).toEqual({
          isDone: false,
          format: request.format,
          items: request.items,
          size: request.bytes.length,
          bornEpochMs: request.bornEpochMs,
          checksum: checksumOf(header, request.bytes),
        });
      }),
    );
  });

  it("of which one bit is another says so, or differs in nothing but that it waits", () => {
    const bytes = Buffer.from("the request");
    for (const state of [0, SPOOL_DONE[0]!]) {
      const header = encodeSpoolHeader({ bytes, format: "json", items: 7 }, 1_795_176_000_000);
      header[SPOOL_STATE_AT] = state;
      const whole = decodeSpoolHeader(header)!;
      for (let bit = 0; bit < SPOOL_HEADER_BYTES * 8; bit++) {
        const flipped = Buffer.from(header);
        flipped[bit >> 3]! ^= 1 << (bit & 7);
        const read = decodeSpoolHeader(flipped);
        if (bit >> 3 === SPOOL_STATE_AT) expect(read).toEqual({ ...whole, isDone: false });
        else expect(read).toBeUndefined();
      }
    }
  });

  it("that is whole and says what no spool writes is none", () => {
    for (const bornEpochMs of [Number.NaN, -1, 1e300, Number.POSITIVE_INFINITY])
      expect(decodeSpoolHeader(encodeSpoolHeader(requestOf("x"), bornEpochMs))).toBeUndefined();
  });

  it("is not found in other bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => decodeSpoolHeader(Buffer.from(bytes)) === undefined),
    );
    const torn = encodeSpoolHeader({ bytes: Buffer.alloc(1), format: "json", items: 1 }, 1).subarray(0, 31);
    expect(decodeSpoolHeader(torn)).toBeUndefined();
  });
});

describe("format 1", () => {
  const golden = join(import.meta.dirname, "../../testdata/spool-format-1");

  it("is read for ever: the files in testdata, byte by byte", async () => {
    const dir = testFolder();
    cpSync(golden, deadFolder(dir), { recursive: true });
    const { spool, restored } = openSpool(dir);
    await spool.adopt();
    expect(restored).toEqual({ "traces-ordinary": 12, "logs-evidence": 1 });
    // Three were written, and the first of them was done.
    expect(await drainSpool(spool, TRACES)).toEqual(["five spans\n\u0000\u00ff", "seven spans"]);
    const spooled = await spool.first(EVIDENCE);
    expect(spooled?.request).toMatchObject({ format: "json", items: 1, bornEpochMs: 1_795_176_000_123.5 });
    expect(Buffer.from(spooled!.request.bytes!).toString("utf8")).toBe('{"resourceLogs":[]}');
  });

  it("is written as it was", async () => {
    const written = (text: string, items: number) => {
      const request = requestOf(text, items, 1_795_176_000_000);
      return Buffer.concat([encodeSpoolHeader(request, request.bornEpochMs), request.bytes]);
    };
    const file = readFileSync(join(golden, "traces-ordinary-001795176000000-000000-0a1b2c3d.spool"));
    const first = written("three spans", 3);
    first.set(SPOOL_DONE, SPOOL_STATE_AT);
    const others = [written("five spans\n\u0000\u00ff", 5), written("seven spans", 7)];
    expect(file.toString("hex")).toBe(Buffer.concat([first, ...others]).toString("hex"));
  });
});
