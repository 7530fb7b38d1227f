// The body of a request of OTLP: read with limits, a deadline and an eye on the memory of all of them.
import { Readable } from "node:stream";
import type { ReadableStream as WebStream } from "node:stream/web";
import { withDeadline } from "../work/with-deadline.ts";
import { WorkLimit } from "../work/work-limit.ts";
import { BodyBytes, freeBytes } from "./body-bytes.ts";
import { BudgetShare, ByteBudget } from "./byte-budget.ts";
import { OtlpRefusal } from "./otlp-refusal.ts";
import { readPieces } from "./read-pieces.ts";
import { unpack, unpackSmall } from "./unpacked-body.ts";

/** The limits of a body, and of all of them. */
export interface BodyLimits {
  /** As it comes, in bytes. */
  readonly rawBytes: number;
  /** Unpacked. */
  readonly inflatedBytes: number;
  /** To send all of it, in milliseconds. */
  readonly timeoutMs: number;
  /** Of all bodies at a time, as they come. Beside them there is one that is being unpacked. */
  readonly allBytes: number;
  /** How much of that large bodies leave to small ones. */
  readonly reservedBytes: number;
}

const MIB = 1_048_576;

/** What there is in force. */
export const BODY_LIMITS: BodyLimits = Object.freeze({
  rawBytes: 4 * MIB,
  inflatedBytes: 16 * MIB,
  timeoutMs: 15_000,
  allBytes: 16 * MIB,
  reservedBytes: 4 * MIB,
});

/** A request as it comes. */
export interface BodyRequest {
  readonly headers: Headers;
  /** Of `node:http`, or of the web; null: it has none. */
  readonly body: Readable | ReadableStream<Uint8Array> | null;
  /** Whether nobody else sees the pieces of the body: their memory is given back at once. */
  readonly isUnshared: boolean;
}

const RETRY_SECONDS = 1;
/** One large body is unpacked at a time, and whoever waits longer is asked to come again. */
const UNPACKING = { running: 1, waiting: 64, patienceMs: 5_000 } as const;

/** Whoever has gone meanwhile is seen when it is its turn. */
const NEVER = new AbortController().signal;

/** Reads bodies. */
export class BodyIntake {
  readonly #limits: BodyLimits;
  readonly #budget: ByteBudget;
  readonly #unpacking = new WorkLimit(UNPACKING);

  constructor(limits: BodyLimits) {
    this.#limits = limits;
    this.#budget = new ByteBudget(limits.allBytes, limits.reservedBytes);
  }

  /**
   * Reads a body, unpacks it where it is gzip, and hands it to `use`, whose it is from then on; its bytes are counted until that is done.
   * Unpacking ends at the limit, whatever is left. Rejects with `OtlpRefusal`, and with what `use` rejects with.
   */
  async read<T>(request: BodyRequest, use: (body: Uint8Array<ArrayBuffer>) => Promise<T>): Promise<T> {
    const isGzip = requireEncoding(request.headers.get("content-encoding"));
    const share = new BudgetShare(this.#budget);
    try {
      const raw = await this.#readRaw(request, share);
      return await (isGzip ? this.#unpacked(raw, share, use).finally(() => freeBytes(raw)) : use(raw));
    } finally {
      share.release();
    }
  }

  async #readRaw({ headers, body, isUnshared }: BodyRequest, share: BudgetShare): Promise<Uint8Array<ArrayBuffer>> {
    const { rawBytes, timeoutMs } = this.#limits;
    const declared = Number(headers.get("content-length") ?? 0);
    if (declared > rawBytes) throw tooLarge(this.#limits);
    // What will not find room is not even read; whether it does in the end is seen as it comes.
    if (!this.#budget.has(declared)) throw noMemory();
    const bytes = new BodyBytes(isUnshared);
    if (body === null) return bytes.takeWhole();
    const take = (piece: Uint8Array): void => {
      if (bytes.length + piece.byteLength > rawBytes) throw tooLarge(this.#limits);
      if (!share.take(piece.byteLength)) throw noMemory();
      bytes.add(piece);
    };
    const stream = body instanceof Readable ? body : fromWeb(body);
    try {
      await withDeadline(timeoutMs, (signal) => readPieces(stream, take, signal));
      return bytes.takeWhole();
    } catch (error) {
      throw toRefusal(error, this.#limits);
    } finally {
      bytes.release();
    }
  }

  async #unpacked<T>(
    packed: Uint8Array,
    share: BudgetShare,
    use: (body: Uint8Array<ArrayBuffer>) => Promise<T>,
  ): Promise<T> {
    const small = unpackWhole(packed);
    if (small !== undefined && share.take(small.byteLength)) return use(small);
    const leave = await this.#unpacking.enter(NEVER).catch(() => {
      throw noMemory();
    });
    try {
      const { inflatedBytes } = this.#limits;
      const toWhole = (signal: AbortSignal) =>
        unpack(packed, inflatedBytes, () => tooLargeInflated(this.#limits), signal);
      const whole = await withDeadline(UNPACKING.patienceMs, toWhole).catch(refuse);
      share.release();
      // What finds room beside the others need not keep them waiting.
      if (share.take(whole.byteLength)) leave();
      return await use(whole);
    } finally {
      leave();
    }
  }
}

function toRefusal(error: unknown, { timeoutMs }: BodyLimits): OtlpRefusal {
  if (error instanceof OtlpRefusal) return error;
  if ((error as Error).name === "AbortError")
    return new OtlpRefusal("too_slow", `The body did not arrive within ${timeoutMs / 1_000} s. Send less at a time.`);
  return new OtlpRefusal("cut_off", "The body ended before it was complete.");
}

function fromWeb(body: ReadableStream<Uint8Array>): Readable {
  return Readable.fromWeb(body as WebStream<Uint8Array>);
}

function unpackWhole(packed: Uint8Array): Uint8Array<ArrayBuffer> | undefined {
  try {
    return unpackSmall(packed);
  } catch (error) {
    return refuse(error);
  }
}

function refuse(error: unknown): never {
  if (error instanceof OtlpRefusal) throw error;
  if ((error as Error).name === "AbortError") throw noMemory();
  throw new OtlpRefusal("malformed", "The body is not gzip, or was cut off.");
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

function noMemory(): OtlpRefusal {
  return new OtlpRefusal("no_memory", "Too many requests are being read. Send it again later.", RETRY_SECONDS);
}

function tooLarge({ rawBytes }: BodyLimits): OtlpRefusal {
  return new OtlpRefusal(
    "too_large",
    `The body is larger than ${rawBytes / MIB} MiB: lower the exporter's batch size.`,
  );
}

function tooLargeInflated({ inflatedBytes }: BodyLimits): OtlpRefusal {
  return new OtlpRefusal(
    "too_large_inflated",
    `The body is larger than ${inflatedBytes / MIB} MiB unpacked: lower the exporter's batch size.`,
  );
}
