// The one versioned global: where copies of core in one program meet, and where `node` puts the running telemetry.
import type { Runtime } from "./runtime.ts";

/** What lives behind `globalThis[Symbol.for("tracebook.v1")]`. */
export interface Slot {
  /** The running telemetry; undefined while telemetry is off. Hot code reads this field and nothing else. */
  runtime: Runtime | undefined;
  /** State that other packages share through the slot, by package name (so that two copies of a package share it too). */
  readonly shared: Map<string, unknown>;
}

const KEY = Symbol.for("tracebook.v1");

/**
 * The slot of this program, made by whoever asks first.
 *
 * Cost: a property read on `globalThis`; hold the result, it never changes for the life of the process.
 */
export function tracebookSlot(): Slot {
  const holder = globalThis as { [KEY]?: Slot };
  let slot = holder[KEY];
  if (slot === undefined) {
    slot = { runtime: undefined, shared: new Map() };
    // Not writable: a second copy of core, or anything else, must find this slot and never replace it.
    Object.defineProperty(globalThis, KEY, { value: slot, enumerable: false, configurable: false, writable: false });
  }
  return slot;
}
