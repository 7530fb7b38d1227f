// Comparing secrets, and signing with them.
import { createHash, createHmac, timingSafeEqual } from "node:crypto";

/** Compares without telling by the time it takes how much was right. */
export function isSameSecret(given: unknown, expected: string): boolean {
  if (typeof given !== "string") return false;
  const [left, right] = [given, expected].map((text) => createHash("sha256").update(text).digest());
  return timingSafeEqual(left as Buffer, right as Buffer);
}

/** HMAC-SHA256 in hex, as BingX wants it over the query string. */
export function signText(text: string, secret: string): string {
  return createHmac("sha256", secret).update(text).digest("hex");
}
