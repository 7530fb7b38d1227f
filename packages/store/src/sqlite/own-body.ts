// A body that was handed over to this thread: read, and gone.

/** Reads a body. No part of it may be kept: its memory goes back at once, while the garbage collector would let bodies pile up. */
export function withOwnBody<T>(body: Uint8Array<ArrayBuffer>, read: (body: Uint8Array) => T): T {
  try {
    return read(body);
  } finally {
    body.buffer.transfer(0);
  }
}
