// How long a receiver asks to be left alone.

/** Milliseconds from a `Retry-After`: seconds or a date (RFC 9110, section 10.2.3); undefined when it says neither. */
export function retryAfterMs(header: string | undefined, nowEpochMs: number): number | undefined {
  const text = header?.trim() ?? "";
  if (/^\d{1,12}$/.test(text)) return Number(text) * 1_000;
  if (!/^[A-Z][a-z]{2}, .{1,32} GMT$/.test(text)) return undefined;
  const epochMs = Date.parse(text);
  return Number.isNaN(epochMs) ? undefined : Math.max(0, epochMs - nowEpochMs);
}
