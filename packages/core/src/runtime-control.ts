// Putting a runtime to work, and the calls that concern all of it.
import { TracebookError } from "./errors.ts";
import { tradingEvents } from "./event-catalogue.ts";
import type { TradingHalted } from "./event-data.ts";
import type { Runtime } from "./runtime.ts";
import { tracebookSlot } from "./slot.ts";

/** Makes `runtime` the telemetry of this program. Throws `already_started` when another one runs. Returns how to take it out. */
export function installRuntime(runtime: Runtime): () => void {
  const slot = tracebookSlot();
  if (slot.runtime !== undefined)
    throw new TracebookError("already_started", "Telemetry is running in this process already.");
  slot.runtime = runtime;
  return () => {
    if (slot.runtime === runtime) slot.runtime = undefined;
  };
}

/** True while a Tracebook runtime is at work in this process. */
export function isTelemetryRunning(): boolean {
  return tracebookSlot().runtime !== undefined;
}

/**
 * Says that trading stops: puts `trading_halted` on the record and keeps the traces of the last 64 flows, so that what led
 * to the stop can be seen. Returns how many were kept. Never throws.
 */
export function halt(data: TradingHalted): number {
  tradingEvents.tradingHalted.emit(data);
  return tracebookSlot().runtime?.keepRecent("halt") ?? 0;
}
