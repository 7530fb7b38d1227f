/** Fetches depth snapshots over REST: `GET /api/v3/depth` on spot, `GET /fapi/v1/depth` on USD-M. */
import { parseSnapshot } from "../market/frame.ts";
import type { Market } from "../market/market.ts";
import type { DepthSnapshot } from "../market/order-book.ts";
import type { TraderClock } from "./clock.ts";
import { type HttpFetch, toHttpFailure } from "./http-fetch.ts";

/** Why there is no snapshot. */
export type SnapshotErrorCode = "timeout" | "network" | "http_error" | "malformed_answer";

/** A snapshot that could not be had; `code` tells why, the message says it for people. */
export class SnapshotError extends Error {
  readonly code: SnapshotErrorCode;
  readonly market: Market;
  readonly httpStatus: number | undefined;

  constructor(
    code: SnapshotErrorCode,
    market: Market,
    message: string,
    details: { httpStatus?: number; cause?: unknown } = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = "SnapshotError";
    this.code = code;
    this.market = market;
    this.httpStatus = details.httpStatus;
  }
}

/** What the client needs. */
export interface SnapshotClientOptions {
  readonly fetch: HttpFetch;
  readonly clock: TraderClock;
  /** `https://api.binance.com`, without a path. */
  readonly spotRestUrl: string;
  /** `https://fapi.binance.com`, without a path. */
  readonly usdmRestUrl: string;
  /** As Binance writes it: `BTCUSDT`. */
  readonly symbol: string;
  /** Levels per side; default 1000, the most both markets give. */
  readonly limit?: number;
  /** Until the whole answer is there; default 5,000. */
  readonly timeoutMs?: number;
  /** Told how long each answer took: a bound on the one-way delay for the clock estimate. */
  readonly onRoundTrip?: (market: Market, roundTripMs: number) => void;
}

/** Made by `createSnapshotClient`. */
export interface SnapshotClient {
  /** The book as of now; rejects with a `SnapshotError`. */
  fetchSnapshot(market: Market): Promise<DepthSnapshot>;
}

const PATHS: Readonly<Record<Market, string>> = { spot: "/api/v3/depth", usdm: "/fapi/v1/depth" };
const DEFAULT_LIMIT = 1_000;
const DEFAULT_TIMEOUT_MS = 5_000;

/** A client for one symbol on both markets. */
export function createSnapshotClient(options: SnapshotClientOptions): SnapshotClient {
  const { clock, symbol, limit = DEFAULT_LIMIT, timeoutMs = DEFAULT_TIMEOUT_MS, onRoundTrip } = options;
  const urlOf = (market: Market) =>
    `${market === "spot" ? options.spotRestUrl : options.usdmRestUrl}${PATHS[market]}?symbol=${symbol}&limit=${limit}`;
  return {
    async fetchSnapshot(market) {
      const sentMs = clock.monotonicMs();
      const { status, text } = await get(options.fetch, urlOf(market), timeoutMs, market);
      onRoundTrip?.(market, clock.monotonicMs() - sentMs);
      if (status !== 200) {
        const message = `depth snapshot of ${market}: HTTP ${status}: ${text.slice(0, 200)}`;
        throw new SnapshotError("http_error", market, message, { httpStatus: status });
      }
      const answer = parseSnapshot(text);
      if (answer.kind === "snapshot") return answer;
      throw new SnapshotError("malformed_answer", market, `depth snapshot of ${market} is unusable: ${answer.reason}`);
    },
  };
}

async function get(
  fetch: HttpFetch,
  url: string,
  timeoutMs: number,
  market: Market,
): Promise<{ status: number; text: string }> {
  try {
    const answer = await fetch(url, { method: "GET", signal: AbortSignal.timeout(timeoutMs) });
    return { status: answer.status, text: await answer.text() };
  } catch (cause) {
    const failure = toHttpFailure(cause);
    const detail = failure.kind === "timeout" ? `no answer within ${timeoutMs} ms` : failure.message;
    throw new SnapshotError(failure.kind, market, `depth snapshot of ${market} from ${url}: ${detail}`, { cause });
  }
}
