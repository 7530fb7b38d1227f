// Waits for something to become true by asking again and again: cases poll, they do not sleep and hope.
import { setTimeout as sleep } from "node:timers/promises";

/** Resolves to the first truthy answer of `ask`; an error after `timeoutMs` says what was waited for. */
export async function until<T>(
  what: string,
  ask: () => T | Promise<T>,
  { timeoutMs = 30_000, everyMs = 25 }: { timeoutMs?: number; everyMs?: number } = {},
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (performance.now() > deadline) throw new Error(`waited ${timeoutMs} ms in vain for ${what}`);
    await sleep(everyMs);
  }
}
