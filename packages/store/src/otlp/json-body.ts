// The body of a request as the object that it is in JSON.
import type { JsonObject } from "./json-reader.ts";
import { checkJsonShape } from "./json-shape.ts";
import { OtlpError } from "./otlp-error.ts";

/**
 * Parses a body with values nested up to `maxDepth`. What is no UTF-8 becomes U+FFFD. Throws an OtlpError for what is no JSON object, or of
 * another shape than OTLP. Cost: that of JSON.parse, and 1 ns a byte.
 */
export function parseJsonBody(body: Uint8Array, maxDepth: number): JsonObject {
  checkJsonShape(body, maxDepth);
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.length).toString("utf8"));
  } catch (cause) {
    if (cause instanceof SyntaxError)
      throw new OtlpError("malformed_otlp", `The body is no JSON: ${cause.message}.`, { cause });
    // The longest string of the engine: half a gigabyte.
    throw new OtlpError("too_deep", "The body is too large or too deep to be parsed as JSON.", { cause });
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new OtlpError("malformed_otlp", "The body is no OTLP/JSON: there is no object at $.");
  return value as JsonObject;
}
