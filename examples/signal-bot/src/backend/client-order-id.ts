// The name of an order, the same one for the same alert whenever it is placed again.
import { createHash } from "node:crypto";

const DIGEST_DIGITS = 32;

/** 35 characters, where BingX takes 40. A digest, since alert ids may be longer, and a part of one is not unique. */
export function clientOrderIdOf(alertId: string): string {
  return `sb-${createHash("sha256").update(alertId).digest("hex").slice(0, DIGEST_DIGITS)}`;
}
