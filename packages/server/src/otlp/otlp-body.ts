// The body of a request of OTLP: read with limits, a deadline and an eye on the memory of all of them.
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream as WebStream } from "node:stream/web";
import { createGunzip } from "node:zlib";
import { BodyPieces } from "./body-pieces.ts";
import type { ByteBudget } from "./byte-budget.ts";
import { OtlpRefusal } from "./otlp-refusal.ts";

/** The limits of a body. */
export interface BodyLimits {
  /** As it comes, in bytes. */
  readonly rawBytes: number;
  /** Unpacked. */
  readonly inflatedBytes: number;
  /** To send all of it, in milliseconds. */
  readonly timeoutMs: number;
}

/** What there is in force. */
export const BODY_LIMITS: BodyLimits = Object.freeze({
  rawBytes: 4 * 1_048_576,
  inflatedBytes: 16 * 1_048_576,
  timeoutMs: 15_000,
});

const RETRY_SECONDS = 1;
/** Larger than what Node.js takes from a pool: a chunk has memory of its own. */
const CHUNK_BYTES = 65_536;

/**
 * Reads a body, unpacks it where it is gzip, and hands it to `use`; the bytes are counted until that is done. Unpacking ends at the limit,
 * whatever is left. Rejects with `OtlpRefusal`, and with what `use` rejects with.
 */
export async function withBody<T>(
  request: Request,
  limits: BodyLimits,
  budget: ByteBudget,
  use: (body: Uint8Array) => Promise<T>,
): Promise<T> {
  const isGzip = requireEncoding(request.headers.get("content-encoding"));
  const declared = Number(request.headers.get("content-length") ?? 0);
  if (declared > limits.rawBytes) throw tooLarge(limits);
  const taken = new TakenBytes(budget);
  const pieces = new BodyPieces(isGzip);
  try {
    await readBody(request, isGzip, limits, (piece) => {
      if (pieces.length + piece.byteLength > limits.inflatedBytes) throw tooLargeInflated(limits);
      taken.take(piece.byteLength);
      pieces.add(piece);
    });
    return await use(pieces.whole());
  } finally {
    pieces.release();
    taken.giveBack();
  }
}

async function readBody(
  request: Request,
  isGzip: boolean,
  limits: BodyLimits,
  take: (piece: Uint8Array) => void,
): Promise<void> {
  if (request.body === null) return;
  const raw = Readable.fromWeb(request.body as WebStream<Uint8Array>);
  const deadline = AbortSignal.timeout(limits.timeoutMs);
  const collect = async (source: AsyncIterable<Uint8Array>) => {
    for await (const piece of source) take(piece);
  };
  const counted = async function* (source: AsyncIterable<Uint8Array>) {
    let bytes = 0;
    for await (const piece of source) {
      bytes += piece.byteLength;
      if (bytes > limits.rawBytes) throw tooLarge(limits);
      yield piece;
    }
  };
  const options = { signal: deadline };
  try {
    if (isGzip) await pipeline(raw, counted, createGunzip({ chunkSize: CHUNK_BYTES }), collect, options);
    else await pipeline(raw, counted, collect, options);
  } catch (error) {
    throw toRefusal(error, deadline, limits);
  }
}

/** Bytes that one request has taken. */
class TakenBytes {
  readonly #budget: ByteBudget;
  #bytes = 0;

  constructor(budget: ByteBudget) {
    this.#budget = budget;
  }

  take(bytes: number): void {
    if (!this.#budget.take(bytes))
      throw new OtlpRefusal("no_memory", "Too many requests are being read. Send it again later.", RETRY_SECONDS);
    this.#bytes += bytes;
  }

  giveBack(): void {
    this.#budget.give(this.#bytes);
    this.#bytes = 0;
  }
}

function requireEncoding(encoding: string | null): boolean {
  const name = (encoding ?? "").trim().toLowerCase();
  if (name === "gzip") return true;
  if (name === "" || name === "identity") return false;
  throw new OtlpRefusal(
    "wrong_encoding",
    "Content-Encoding is neither gzip nor left out: set the exporter's compression to gzip or none.",
  );
}

function toRefusal(error: unknown, deadline: AbortSignal, { timeoutMs }: BodyLimits): OtlpRefusal {
  if (error instanceof OtlpRefusal) return error;
  if (deadline.aborted)
    return new OtlpRefusal("too_slow", `The body did not arrive within ${timeoutMs / 1_000} s. Send less at a time.`);
  const { code = "" } = error as NodeJS.ErrnoException;
  if (code.startsWith("Z_") || code.startsWith("ERR_ZLIB"))
    return new OtlpRefusal("malformed", "The body is not gzip, or was cut off.");
  return new OtlpRefusal("cut_off", "The body ended before it was complete.");
}

function tooLarge({ rawBytes }: BodyLimits): OtlpRefusal {
  const mib = rawBytes / 1_048_576;
  return new OtlpRefusal("too_large", `The body is larger than ${mib} MiB: lower the exporter's batch size.`);
}

function tooLargeInflated({ inflatedBytes }: BodyLimits): OtlpRefusal {
  const mib = inflatedBytes / 1_048_576;
  return new OtlpRefusal(
    "too_large_inflated",
    `The body is larger than ${mib} MiB unpacked: lower the exporter's batch size.`,
  );
}
