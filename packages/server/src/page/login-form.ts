// The form by which a browser brings the token.
import { ProblemError } from "../http/problem.ts";

/** Longer than any token, percent-encoded. */
const MAX_BYTES = 4_096;
const TIMEOUT_MS = 10_000;

/** Reads the body of a form: small, and soon. Throws for anything else. */
export async function readForm(request: Request): Promise<URLSearchParams> {
  const type = (request.headers.get("content-type") ?? "").split(";", 1)[0]!.trim().toLowerCase();
  if (type !== "application/x-www-form-urlencoded")
    throw new ProblemError("unsupported_media_type", "Content-Type must be application/x-www-form-urlencoded.");
  if (request.body === null) return new URLSearchParams();
  const reader = request.body.getReader();
  const late = new Promise<never>((_, reject) => {
    setTimeout(() => reject(new ProblemError("body_too_slow", "The form did not arrive in time.")), TIMEOUT_MS).unref();
  });
  late.catch(() => {});
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  try {
    for (;;) {
      const { done, value } = await Promise.race([reader.read(), late]);
      if (done) return new URLSearchParams(Buffer.concat(pieces).toString("utf8"));
      bytes += value.byteLength;
      if (bytes > MAX_BYTES) throw new ProblemError("body_too_large", "The form is larger than 4 KiB.");
      pieces.push(value);
    }
  } catch (error) {
    void reader.cancel().catch(() => {});
    throw error instanceof ProblemError ? error : new ProblemError("invalid_request", "The form was cut off.");
  }
}
