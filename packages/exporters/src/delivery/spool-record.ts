// One request in a spool file: a header of fixed size, then the bytes. Format 1, which later versions go on reading.
//
//   0  4  magic "TBQ1"
//   4  1  state: 255 done, anything else waits; the one byte that is ever changed in place, and no single bit of it decides
//   5  1  format: 0 protobuf, 1 JSON
//   6  2  zero
//   8  4  items, little-endian as all numbers here
//  12  4  bytes of the request
//  16  8  when it was accepted, milliseconds since 1970 (a double)
//  24  4  CRC-32 (zlib's) of bytes 5 to 23 and of the request
//  28  4  CRC-32 of bytes 5 to 27: a header is one by this alone, so that records behind a damaged one are found again
import { crc32 } from "node:zlib";
import type { OtlpFormat } from "./sender.ts";

/** What a header says. */
export interface SpoolHeader {
  readonly isDone: boolean;
  readonly format: OtlpFormat;
  readonly items: number;
  readonly size: number;
  readonly bornEpochMs: number;
  readonly checksum: number;
}

export const SPOOL_HEADER_BYTES = 32;
/** Where in a record its state stands, and what is written there when it is done. */
export const SPOOL_STATE_AT = 4;
export const SPOOL_DONE: Uint8Array = Uint8Array.of(255);
/** What every record begins with. */
export const SPOOL_MAGIC: Uint8Array = Buffer.from("TBQ1", "latin1");
/** No request is larger, so that whatever a file says, memory is not taken for more. */
export const MAX_SPOOLED_BYTES: number = 256 * 1_048_576;
/** The last moment of a `Date`. */
const MAX_EPOCH_MS = 8.64e15;
const CHECKED_FROM = 5;
const CHECKSUM_AT = 24;
const HEADER_CHECKSUM_AT = 28;

/** The header of a request that waits. */
export function encodeSpoolHeader(
  request: { readonly bytes: Uint8Array; readonly format: OtlpFormat; readonly items: number },
  bornEpochMs: number,
): Buffer {
  const header = Buffer.alloc(SPOOL_HEADER_BYTES);
  header.set(SPOOL_MAGIC);
  header[5] = request.format === "json" ? 1 : 0;
  header.writeUInt32LE(request.items, 8);
  header.writeUInt32LE(request.bytes.length, 12);
  header.writeDoubleLE(bornEpochMs, 16);
  header.writeUInt32LE(checksumOf(header, request.bytes), CHECKSUM_AT);
  header.writeUInt32LE(headerChecksumOf(header), HEADER_CHECKSUM_AT);
  return header;
}

/** A header that makes `sizeBytes`, itself among them, one record that is done: place for others. */
export function encodeSpoolRoom(sizeBytes: number): Buffer {
  const header = Buffer.alloc(SPOOL_HEADER_BYTES);
  header.set(SPOOL_MAGIC);
  header.set(SPOOL_DONE, SPOOL_STATE_AT);
  header.writeUInt32LE(sizeBytes - SPOOL_HEADER_BYTES, 12);
  header.writeUInt32LE(headerChecksumOf(header), HEADER_CHECKSUM_AT);
  return header;
}

/** Reads the header at the beginning of `bytes`; undefined when there is none, or a damaged one. */
export function decodeSpoolHeader(bytes: Buffer): SpoolHeader | undefined {
  if (bytes.length < SPOOL_HEADER_BYTES || bytes.compare(SPOOL_MAGIC, 0, 4, 0, 4) !== 0) return undefined;
  if (headerChecksumOf(bytes) !== bytes.readUInt32LE(HEADER_CHECKSUM_AT)) return undefined;
  const size = bytes.readUInt32LE(12);
  const bornEpochMs = bytes.readDoubleLE(16);
  // Whole, and yet none that we have written.
  if (size > MAX_SPOOLED_BYTES || !(bornEpochMs >= 0 && bornEpochMs <= MAX_EPOCH_MS)) return undefined;
  return {
    isDone: bytes[SPOOL_STATE_AT] === SPOOL_DONE[0],
    format: bytes[5] === 1 ? "json" : "protobuf",
    items: bytes.readUInt32LE(8),
    size,
    bornEpochMs,
    checksum: bytes.readUInt32LE(CHECKSUM_AT),
  };
}

/** The checksum that a header must bear for its request. Cost: about 0.1 ms a megabyte. */
export function checksumOf(header: Buffer, request: Uint8Array): number {
  return crc32(request, crc32(header.subarray(CHECKED_FROM, CHECKSUM_AT)));
}

function headerChecksumOf(header: Buffer): number {
  return crc32(header.subarray(CHECKED_FROM, HEADER_CHECKSUM_AT));
}
