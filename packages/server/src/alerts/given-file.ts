// A file that somebody names in the configuration: read once, at start.
import { readFileSync, statSync } from "node:fs";

const MAX_BYTES = 1_048_576;

/** Its text. Throws an `Error` whose message says what is wrong in one line. */
export function readGivenFile(path: string): string {
  const sizeBytes = attempt(path, () => statSync(path)).size;
  if (sizeBytes > MAX_BYTES) throw new Error(`${path} has ${sizeBytes} bytes; it may have ${MAX_BYTES}`);
  return attempt(path, () => readFileSync(path, "utf8"));
}

function attempt<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new Error(`${path} cannot be read: ${(error as NodeJS.ErrnoException).code ?? (error as Error).message}`, {
      cause: error,
    });
  }
}
