// Counts what was asked of Redis. Loads nothing of the SDK: hosts import it with telemetry off.
import { sharedTradingMetrics } from "@tracebook/metrics";

const MAX_TYPE_UNITS = 32;

/** Counts a command under its type: `get`, `lpush`, `multi`. Never throws. */
export function countRedisOperation(type: unknown, failed: boolean): void {
  const { redisOperations, redisConnectionErrors } = sharedTradingMetrics();
  // Zero is worth seeing: where Redis is used and never failed, a rule about failures has something to look at.
  redisConnectionErrors.add(0);
  redisOperations.add(1, { type: toRedisType(type), status: failed ? "error" : "success" });
}

/** Counts a connection that could not be made or was lost. Never throws. */
export function countRedisConnectionError(): void {
  sharedTradingMetrics().redisConnectionErrors.add(1);
}

/** Commands are words; whatever else a host sends as one is not made a label. */
export function toRedisType(command: unknown): string {
  const text = typeof command === "string" ? command : "";
  return text.length <= MAX_TYPE_UNITS && /^[a-z][a-z0-9._|-]*$/i.test(text) ? text.toLowerCase() : "other";
}
