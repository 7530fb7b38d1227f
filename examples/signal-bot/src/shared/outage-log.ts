// An outage in the log: an error when it begins, a line when it is over, and nothing for each try in between.
import type { Logger } from "pino";
import { factsOf } from "./error-facts.ts";

/** Hears of tries that failed and of those that did not. */
export interface OutageLog {
  /** The first of a row is logged as an error. */
  failed(error: unknown): void;
  /** Ends an outage, if there is one. */
  worked(): void;
}

/** Makes it; `begun` and `over` are the two sentences. */
export function createOutageLog(log: Pick<Logger, "error" | "info">, begun: string, over: string): OutageLog {
  let failures = 0;
  return {
    failed(error) {
      failures++;
      if (failures === 1) log.error(factsOf(error), begun);
    },
    worked() {
      if (failures > 0) log.info({ failures }, over);
      failures = 0;
    },
  };
}
