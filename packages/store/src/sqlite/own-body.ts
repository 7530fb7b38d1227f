// A body that was handed over to this thread: read, and gone.

const STEP_BYTES = 1_048_576;

/** Reads a body. No part of it may be kept: its memory goes back at once, while the garbage collector would let bodies pile up. */
export function withOwnBody<T>(body: Uint8Array<ArrayBuffer>, read: (body: Uint8Array) => T): T {
  const own = body.buffer.resizable ? moved(body) : body;
  try {
    return read(own);
  } finally {
    own.buffer.transfer(0);
  }
}

/**
 * The same in memory of a fixed size: what may change its size takes twice the time to read, and once the engine has seen it so does everything
 * else. Moved from its end on, so that there are never two of it.
 */
function moved(body: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const fixed = new Uint8Array(body.byteLength);
  for (let end = body.byteLength; end > 0; ) {
    const from = Math.max(0, end - STEP_BYTES);
    fixed.set(body.subarray(from, end), from);
    body.buffer.resize(from);
    end = from;
  }
  return fixed;
}
