// OTLP in: over HTTP from any SDK, and within the process from telemetry. What is acknowledged is on disk.
import { Readable } from "node:stream";
import {
  OtlpError,
  type OtlpFormat,
  type OtlpSignal,
  type Store,
  StoreError,
  type TakeOptions,
  type WriteResult,
} from "@tracebook/store";
import { exportAnswer, formatOf, statusAnswer } from "./otlp-answer.ts";
import { BodyIntake, type BodyLimits, type BodyRequest } from "./otlp-body.ts";
import { OtlpRefusal, REFUSALS } from "./otlp-refusal.ts";
import { discardRest } from "./read-pieces.ts";
import type { SignalCounts } from "./signal-counts.ts";

/** Takes requests. */
export interface OtlpReceiver {
  /** Answers `POST /v1/{signal}`. Never rejects. */
  respond(signal: OtlpSignal, request: BodyRequest): Promise<Response>;
  /** Takes a request of this process; rejects as `store.takeOtlp` does. */
  take(signal: OtlpSignal, body: Uint8Array, format: OtlpFormat): Promise<WriteResult>;
}

/** What the receiver works with. */
export interface ReceiverTools {
  readonly store: Pick<Store, "takeOtlp">;
  readonly counts: SignalCounts;
  readonly limits: BodyLimits;
  /** Hears of errors that nobody expected. */
  readonly onError: (error: unknown, path: string) => void;
}

/** A body that was read here is nobody else's. */
const HANDED_OVER: TakeOptions = { isHandedOver: true };
const RETRY_SECONDS = 1;
/** A disk does not empty itself. */
const FULL_RETRY_SECONDS = 15;

/** Makes the receiver. */
export function createOtlpReceiver({ store, counts, limits, onError }: ReceiverTools): OtlpReceiver {
  const intake = new BodyIntake(limits);
  const take = async (signal: OtlpSignal, body: Uint8Array, format: OtlpFormat, options?: TakeOptions) => {
    const result = await store.takeOtlp(signal, body, format, options);
    counts.stored(signal, result);
    return result;
  };
  const refuse = (signal: OtlpSignal, error: unknown) => {
    const refusal = refusalOf(error);
    counts.refused(signal, refusal?.reason ?? "internal_error");
    return refusal;
  };
  return {
    async respond(signal, request) {
      counts.received(signal);
      const format = formatOf(request.headers.get("content-type"));
      try {
        if (format === undefined) throw new OtlpRefusal("wrong_content_type", WRONG_TYPE);
        const { rejected, message } = await intake.read(request, (body) => take(signal, body, format, HANDED_OVER));
        return exportAnswer(signal, format, rejected, message);
      } catch (error) {
        const refusal = refuse(signal, error);
        if (request.isUnshared && request.body instanceof Readable) discardRest(request.body);
        if (refusal === undefined) onError(error, `/v1/${signal}`);
        return refusalAnswer(refusal, format ?? "json");
      }
    },
    async take(signal, body, format) {
      counts.received(signal);
      try {
        return await take(signal, body, format);
      } catch (error) {
        refuse(signal, error);
        throw error;
      }
    },
  };
}

const WRONG_TYPE = "Content-Type is neither application/x-protobuf nor application/json.";
const INTERNAL = "The desk could not take the request. What went wrong is in the log of its process.";

function refusalAnswer(refusal: OtlpRefusal | undefined, format: OtlpFormat): Response {
  if (refusal === undefined) return statusAnswer(500, format, INTERNAL);
  return statusAnswer(REFUSALS[refusal.reason], format, refusal.message, refusal.retryAfterSeconds);
}

/** The refusal for what was thrown; undefined: nobody expected it. */
function refusalOf(error: unknown): OtlpRefusal | undefined {
  if (error instanceof OtlpRefusal) return error;
  if (error instanceof OtlpError) return new OtlpRefusal("malformed", error.message);
  if (!(error instanceof StoreError)) return undefined;
  // The paths in a store's own words are not for whoever sends.
  const { code } = error;
  if (code === "database_full")
    return new OtlpRefusal("store_busy", "There is no room on the disk. Send it again later.", FULL_RETRY_SECONDS);
  return new OtlpRefusal("store_busy", `The store cannot take it now (${code}). Send it again later.`, RETRY_SECONDS);
}
