/** Waiting for something to become true, by looking again and again. */
import { setTimeout as sleep } from "node:timers/promises";

/** Resolves when the condition holds; rejects, naming what was waited for, when it does not in time. */
export async function until(what: string, condition: () => boolean, timeoutMs = 20_000): Promise<void> {
  const deadlineMs = performance.now() + timeoutMs;
  while (!condition()) {
    if (performance.now() > deadlineMs) throw new Error(`waited too long for ${what}`);
    await sleep(2);
  }
}
