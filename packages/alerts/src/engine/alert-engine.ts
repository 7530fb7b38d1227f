// The engine as others see it, and how it is made.
import type { AlertEngineOptions, AlertEngineStats } from "./engine-options.ts";
import { LiveEngine } from "./live-engine.ts";

/** An engine. */
export interface AlertEngine {
  start(): void;
  /** Looks once, now; what `start` does again and again. Never rejects: what fails is told, and done again. */
  look(): Promise<void>;
  stats(): AlertEngineStats;
  /** Ends what is under way, and lets another process evaluate. */
  stop(): Promise<void>;
}

/**
 * Makes an engine. It does nothing before it is started. What it notifies lies in the outbox of the store, once, whatever happens to the process.
 *
 * @example
 * const engine = createAlertEngine({ records: store.alerts, feed: store.alertFeed });
 * engine.start();
 */
export function createAlertEngine(options: AlertEngineOptions): AlertEngine {
  const engine = new LiveEngine(options);
  return {
    start: () => engine.start(),
    look: () => engine.look(),
    stats: () => engine.stats(),
    stop: () => engine.stop(),
  };
}
