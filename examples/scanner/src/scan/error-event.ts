// An error as it stands on the record: its kind, what it says, and where it came from.
import type { tradingEvents } from "@tracebook/node";

/** The data of `error_occurred`. */
export type ErrorFacts = Parameters<typeof tradingEvents.errorOccurred.emit>[0];

const MAX_UNITS = 4_000;
/** Causes that are followed: a chain may lead back to itself. */
const MAX_CAUSES = 4;

/** Reads whatever was thrown; texts are cut at 4,000 units. */
export function toErrorFacts(error: unknown, symbol?: string): ErrorFacts {
  return {
    error_type: error instanceof Error ? error.name : typeof error,
    error_message: (error instanceof Error ? error.message : String(error)).slice(0, MAX_UNITS),
    traceback: tracebackOf(error).slice(0, MAX_UNITS),
    ...(symbol === undefined ? undefined : { symbol }),
  };
}

function tracebackOf(error: unknown): string {
  const parts: string[] = [];
  let at = error;
  for (let depth = 0; depth <= MAX_CAUSES && at !== undefined; depth++) {
    parts.push(at instanceof Error ? (at.stack ?? String(at)) : String(at));
    at = at instanceof Error ? at.cause : undefined;
  }
  return parts.join("\ncaused by: ");
}
