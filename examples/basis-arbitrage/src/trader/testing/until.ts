/** Waiting for something to become true, by looking again and again. */
import { setTimeout as sleep } from "node:timers/promises";

/** Resolves when the condition holds; rejects, naming what was waited for, when it does not within ten seconds. */
export async function until(what: string, condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`waited too long for ${what}`);
    await sleep(2);
  }
}
