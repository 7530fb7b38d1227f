// Housekeeping on demand, for commands and schedulers; an open journal does it by itself.
import { nodeFileSystem } from "./file-system.ts";
import { type HousekeepingResult, keepHouse } from "./housekeeping.ts";
import { createProcessProbe } from "./process-identity.ts";

/** Options of {@link cleanJournal}. */
export interface CleanOptions {
  readonly dir: string;
  /** Default: no bound. */
  readonly maxBytes?: number;
  /** Days; default 30. */
  readonly retentionDays?: number;
  /** Default true. */
  readonly compress?: boolean;
  /** The time that ages are counted from, in microseconds since 1970. Default: now. */
  readonly nowMicros?: number;
}

/**
 * Compresses what is closed, removes what is older than `retentionDays`, and then as much as `maxBytes` asks for. Safe beside
 * running writers. Never rejects; problems are in the result.
 */
export function cleanJournal(options: CleanOptions): Promise<HousekeepingResult> {
  const { dir, maxBytes = Number.POSITIVE_INFINITY, retentionDays = 30, compress = true } = options;
  const nowMicros = options.nowMicros ?? Date.now() * 1000;
  const round = { dir, maxBytes, retentionDays, compress, nowMicros };
  return keepHouse(
    { ...round, fileSystem: nodeFileSystem, processProbe: createProcessProbe() },
    new AbortController().signal,
  );
}
