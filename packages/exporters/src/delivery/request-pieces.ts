// A request's body on its way to the system, a piece at a time.
import type { ClientRequest } from "node:http";

const PIECE_BYTES = 131_072;

/**
 * Hands a body to the system in pieces, other work of the event loop between two of them: a megabyte at once would hold it for as long as
 * the system takes to copy it. Ends the request behind the last piece.
 */
export function writeInPieces(sent: ClientRequest, body: Uint8Array): void {
  let at = 0;
  const next = (): void => {
    if (sent.destroyed) return;
    const piece = body.subarray(at, at + PIECE_BYTES);
    at += PIECE_BYTES;
    if (at >= body.length) sent.end(piece);
    else sent.write(piece, () => setImmediate(next));
  };
  next();
}
