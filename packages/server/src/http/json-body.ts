// The body of a request as JSON: read with limits before anything looks at it, and checked before anything works with it.
import { Readable } from "node:stream";
import type { z } from "@hono/zod-openapi";
import { BodyIntake, type BodyLimits } from "../otlp/otlp-body.ts";
import { OtlpRefusal, type RefusalReason } from "../otlp/otlp-refusal.ts";
import { discardRest } from "../otlp/read-pieces.ts";
import type { Arrival } from "./arrival.ts";
import { type BodyProblem, type ProblemCode, ProblemError } from "./problem.ts";

/** Reads bodies. */
export interface JsonBodies {
  /** The body of a request as `schema` has it. Rejects with a `ProblemError`. */
  read(request: Request, arrival: Arrival, schema: z.ZodType): Promise<unknown>;
}

const MIB = 1_048_576;
/** A file of rules is text within JSON: some room for what has to be escaped. */
const RAW_BYTES = 2 * MIB;
/** Whoever walks through a value calls itself for each level. */
const MAX_DEPTH = 64;
const MAX_PROBLEMS = 20;

/** What there is in force. */
export const JSON_BODY_LIMITS: BodyLimits = Object.freeze({
  rawBytes: RAW_BYTES,
  inflatedBytes: RAW_BYTES,
  timeoutMs: 15_000,
  allBytes: 4 * RAW_BYTES,
  reservedBytes: RAW_BYTES,
});

/** Makes it. */
export function createJsonBodies(limits: BodyLimits): JsonBodies {
  const intake = new BodyIntake(limits);
  return {
    async read({ headers, body }, arrival, schema) {
      requireJson(headers);
      const { stream, isUnshared } = arrival.body ?? { stream: body, isUnshared: false };
      const request = { headers, body: stream, isUnshared };
      const value = await intake
        .read(request, async (body) => toValue(body))
        .catch((error: unknown) => {
          if (isUnshared && stream instanceof Readable) discardRest(stream);
          throw error instanceof OtlpRefusal ? toProblem(error, limits) : error;
        });
      const { success, data, error } = schema.safeParse(value);
      if (success) return data;
      const problems = error.issues.slice(0, MAX_PROBLEMS).map(toBodyProblem);
      const detail = problems.map(({ path, problem }) => `${path === "" ? "The body" : path}: ${problem}.`).join(" ");
      throw new ProblemError("invalid_body", detail, { problems });
    },
  };
}

/** A form of another site's page can have no such type without asking first, and nobody answers that. */
function requireJson(headers: Headers): void {
  const essence = (headers.get("content-type") ?? "").split(";", 1)[0]!.trim().toLowerCase();
  if (essence === "application/json") return;
  throw new ProblemError("unsupported_media_type", "Content-Type must be application/json.");
}

function toValue(body: Uint8Array): unknown {
  const text = toText(body);
  if (isDeep(text)) throw new ProblemError("invalid_request", `The body is nested deeper than ${MAX_DEPTH} levels.`);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ProblemError("invalid_request", `The body is no JSON: ${(error as Error).message.slice(0, 100)}.`);
  }
}

function toText(body: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(body);
  } catch {
    throw new ProblemError("invalid_request", "The body is no UTF-8.");
  }
}

/** One look at each character: what a regular expression would take for it depends on the text. */
function isDeep(text: string): boolean {
  let depth = 0;
  let isText = false;
  for (let i = 0; i < text.length; i++) {
    const sign = text[i];
    if (isText && sign === "\\") i++;
    else if (sign === '"') isText = !isText;
    else if (isText) continue;
    else if (sign === "[" || sign === "{") depth++;
    else if (sign === "]" || sign === "}") depth--;
    if (depth > MAX_DEPTH) return true;
  }
  return false;
}

function toBodyProblem({ path, message }: z.core.$ZodIssue): BodyProblem {
  return { path: path.map(String).join(".").slice(0, 200), problem: message.slice(0, 300), nearest: null };
}

/** The words of OTLP speak of exporters. */
function toProblem({ reason, retryAfterSeconds }: OtlpRefusal, { rawBytes, timeoutMs }: BodyLimits): ProblemError {
  const [code, detail] = REFUSED[reason];
  const filled = detail.replace("{size}", `${rawBytes / MIB} MiB`).replace("{time}", `${timeoutMs / 1_000} s`);
  return new ProblemError(code, filled, { retryAfterSeconds });
}

const TOO_LARGE = ["body_too_large", "The body is larger than {size}."] as const;
const LATER = ["too_many_questions", "Too many bodies are being read. Send it again later."] as const;
const REFUSED: Readonly<Record<RefusalReason, readonly [ProblemCode, string]>> = {
  malformed: ["invalid_request", "The body is not gzip, or was cut off."],
  cut_off: [
    "invalid_request",
    "The body ended before it was complete, or something else has read it: mount the desk before what reads bodies.",
  ],
  too_slow: ["body_too_slow", "The body did not arrive within {time}."],
  too_large: TOO_LARGE,
  too_large_inflated: TOO_LARGE,
  wrong_content_type: ["unsupported_media_type", "Content-Type must be application/json."],
  wrong_encoding: ["unsupported_media_type", "Content-Encoding must be gzip or left out."],
  no_memory: LATER,
  store_busy: LATER,
};
