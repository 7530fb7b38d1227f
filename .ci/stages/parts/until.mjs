// Waits for something to become true by asking again and again: stages poll, they do not sleep and hope.

/** Resolves to the first truthy answer of `ask`; an error after `timeoutMs` says what was waited for. */
export async function until(what, ask, { timeoutMs = 30_000, everyMs = 25 } = {}) {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (performance.now() > deadline) throw new Error(`waited ${timeoutMs} ms in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
