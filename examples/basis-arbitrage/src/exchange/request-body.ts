/** The body of a REST request, with a limit. */
import type { IncomingMessage } from "node:http";

/** Far above any order; Binance's own limit is of the same kind. */
const MAX_BODY_BYTES = 16 * 1024;

/** Where patience ends, and the connection with it. */
const MAX_DRAINED_BYTES = 1024 * 1024;

/** The body as text; `undefined` when it is too long, is not UTF-8, or the client went away. Never rejects. */
export async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      length += chunk.length;
      // Read on without keeping anything: a client that is still writing would not read the answer.
      if (length <= MAX_BODY_BYTES) chunks.push(chunk);
      else if (length > MAX_DRAINED_BYTES) return undefined;
    }
    if (length > MAX_BODY_BYTES) return undefined;
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    return undefined;
  }
}
