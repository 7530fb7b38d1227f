// One call of an OpenTelemetry exporter.
import { context, ROOT_CONTEXT } from "@opentelemetry/api";
import { type ExportResult, suppressTracing } from "@opentelemetry/core";
import type { SendOutcome } from "../delivery/sender.ts";
import { outcomeOfResult, outcomeOfThrow } from "./export-outcome.ts";

/** An exporter of any signal, given what it takes. */
export interface AnyExporter {
  export(batch: never, done: (result: ExportResult) => void): void;
  shutdown?(): Promise<void>;
}

/**
 * Gives a batch to an exporter. Never rejects; does not settle if the exporter never answers. The first answer counts: later ones,
 * and what is thrown after it, say nothing about the batch.
 */
export function callExporter(exporter: AnyExporter, batch: unknown): Promise<SendOutcome> {
  return new Promise((resolve) => {
    const failed = (error: unknown): void => resolve(outcomeOfThrow(error));
    try {
      const returned: unknown = untraced(() =>
        exporter.export(batch as never, (result) => resolve(outcomeOfResult(result))),
      );
      // Some write `export` as an async function: what that throws would otherwise be an unhandled rejection of the host's.
      Promise.resolve(returned).catch(failed);
    } catch (error) {
      failed(error);
    }
  });
}

/**
 * Runs what an exporter does. Its requests must not be traced: their spans would be exported, by requests that are traced. Nor has
 * it a part in whatever happens to be going on, which its sockets would otherwise keep in memory.
 */
export function untraced<Result>(run: () => Result): Result {
  return context.with(suppressTracing(ROOT_CONTEXT), run);
}
