// Signatures of webhooks: made here, verified by receivers.
import { createHmac, timingSafeEqual } from "node:crypto";

/** What a receiver has at hand. */
export interface WebhookDelivery {
  /** As Node.js has them, names in lower case; or anything with `get`, as `Headers`. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>> | { get(name: string): string | null };
  /** The body as it came, before any parsing. */
  readonly body: string | Uint8Array;
}

/** What a receiver decides. */
export interface VerifyWebhookOptions {
  /** The secrets by key id. Two while a key is being changed. */
  readonly keys: Readonly<Record<string, string>>;
  /** How old or how far in the future a delivery may be. Milliseconds, default 300,000. */
  readonly toleranceMs?: number | undefined;
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly nowMs?: (() => number) | undefined;
}

/** What came of a verification. A receiver keeps the idempotency keys of as long as its tolerance, and refuses one that it has. */
export type WebhookVerification =
  | { readonly ok: true; readonly idempotencyKey: string; readonly keyId: string }
  | {
      readonly ok: false;
      readonly reason: "missing_header" | "unknown_key" | "bad_timestamp" | "too_old_or_new" | "wrong_signature";
    };

const DEFAULT_TOLERANCE_MS = 300_000;

/**
 * The headers that sign a body: `X-Tracebook-Signature: v1=` and the HMAC-SHA256 in hex over
 * `v1.TIMESTAMP.LENGTH-OF-KEY.IDEMPOTENCY-KEY.BODY`, `X-Tracebook-Timestamp` in seconds since 1970, `X-Tracebook-Key-Id`, `Idempotency-Key`.
 */
export function signWebhook(
  body: string,
  key: { readonly id: string; readonly secret: string },
  idempotencyKey: string,
  nowMs: number,
): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(nowMs / 1_000));
  return {
    "x-tracebook-timestamp": timestamp,
    "x-tracebook-key-id": key.id,
    "x-tracebook-signature": `v1=${toSignature(key.secret, timestamp, idempotencyKey, body).toString("hex")}`,
    "idempotency-key": idempotencyKey,
  };
}

/**
 * Verifies a delivery of a signed webhook: the signature over timestamp, idempotency key and body, and that it is no older than the tolerance.
 *
 * ```ts
 * const verified = verifyWebhook({ headers: request.headers, body: rawBody }, { keys: { "2026-11": secret } });
 * if (!verified.ok) return reply.code(401).send(verified.reason);
 * ```
 */
export function verifyWebhook(delivery: WebhookDelivery, options: VerifyWebhookOptions): WebhookVerification {
  const { keys, toleranceMs = DEFAULT_TOLERANCE_MS, nowMs = Date.now } = options;
  const timestamp = headerOf(delivery, "x-tracebook-timestamp");
  const keyId = headerOf(delivery, "x-tracebook-key-id");
  const signature = headerOf(delivery, "x-tracebook-signature");
  const idempotencyKey = headerOf(delivery, "idempotency-key");
  if (timestamp === undefined || keyId === undefined || signature === undefined || idempotencyKey === undefined)
    return { ok: false, reason: "missing_header" };
  const secret = Object.hasOwn(keys, keyId) ? keys[keyId] : undefined;
  if (secret === undefined || secret === "") return { ok: false, reason: "unknown_key" };
  if (!/^\d{1,12}$/.test(timestamp)) return { ok: false, reason: "bad_timestamp" };
  const given = /^v1=([0-9a-f]{64})$/.exec(signature)?.[1];
  const expected = toSignature(secret, timestamp, idempotencyKey, delivery.body);
  if (given === undefined || !timingSafeEqual(Buffer.from(given, "hex"), expected))
    return { ok: false, reason: "wrong_signature" };
  if (Math.abs(nowMs() - Number(timestamp) * 1_000) > toleranceMs) return { ok: false, reason: "too_old_or_new" };
  return { ok: true, idempotencyKey, keyId };
}

function toSignature(secret: string, timestamp: string, idempotencyKey: string, body: string | Uint8Array): Buffer {
  // The length keeps a key that ends like the body begins from being read as another key and body.
  const head = `v1.${timestamp}.${idempotencyKey.length}.${idempotencyKey}.`;
  return createHmac("sha256", secret).update(head).update(body).digest();
}

function headerOf({ headers }: WebhookDelivery, name: string): string | undefined {
  const value = typeof headers["get"] === "function" ? headers.get(name) : (headers as Record<string, unknown>)[name];
  return typeof value === "string" ? value : undefined;
}
