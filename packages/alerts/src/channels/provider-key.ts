// Keys by which a provider tells alerts apart.
import { createHash } from "node:crypto";

/** A text as it is when it is short and plain, its hash otherwise: two different texts never share a key. */
export function toProviderKey(text: string): string {
  const isPlain = /^[A-Za-z0-9_.:/>-]{1,128}$/.test(text) && !text.startsWith("sha256-");
  return isPlain ? text : `sha256-${createHash("sha256").update(text).digest("hex")}`;
}
