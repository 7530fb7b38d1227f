// Reads a stream whose end is not ours: where reading ends early, whoever answers the request still needs the connection.
import type { Readable } from "node:stream";
import { freePiece } from "./body-bytes.ts";

/**
 * Hands the pieces of `stream` to `take` until its end. Rejects with what `take` throws, with the signal's reason when it aborts, and where
 * the stream ended early or was read by somebody else; it is left paused then.
 */
export function readPieces(stream: Readable, take: (piece: Uint8Array) => void, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (end: () => void): void => {
      stream.off("data", onData).off("end", onEnd).off("close", onClose);
      signal.removeEventListener("abort", onAbort);
      end();
    };
    const fail = (error: unknown): void => {
      settle(() => reject(error as Error));
      stream.pause();
    };
    const onData = (piece: Uint8Array): void => {
      try {
        take(piece);
      } catch (error) {
        fail(error);
      }
    };
    const onEnd = (): void => settle(resolve);
    const onClose = (): void => fail(new Error("the stream ended early"));
    const onAbort = (): void => fail(signal.reason);
    if (signal.aborted) return onAbort();
    if (stream.readableEnded || stream.destroyed) return onClose();
    // Also after this is over: an error that nobody hears is thrown.
    stream.on("error", fail);
    signal.addEventListener("abort", onAbort);
    stream.on("end", onEnd).on("close", onClose).on("data", onData);
  });
}

/**
 * Throws away what is left of a stream that nobody else sees, piece by piece: what has come of a body that is refused would otherwise wait for the
 * garbage collector, and a crowd that is refused sends more than one that is heard.
 */
export function discardRest(stream: Readable): void {
  if (stream.destroyed) return;
  stream.on("error", () => {});
  stream.on("data", (piece: Uint8Array) => {
    // Who reads from the socket may be at it still.
    setImmediate(freePiece, piece);
  });
  stream.resume();
}
