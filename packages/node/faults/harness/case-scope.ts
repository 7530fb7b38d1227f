// What a case has started: when it is over, in whatever way, none of its processes is left.
import { AsyncLocalStorage } from "node:async_hooks";
import type { ChildProcess } from "node:child_process";
import { subscribe } from "node:diagnostics_channel";
import { once } from "node:events";

/** The processes of one case. */
class CaseScope {
  readonly #children = new Set<ChildProcess>();
  #isOver = false;

  take(child: ChildProcess): void {
    this.#children.add(child);
    child.once("exit", () => this.#children.delete(child));
    // It is told of before it runs.
    if (this.#isOver) child.once("spawn", () => child.kill("SIGKILL"));
  }

  kill(): ChildProcess[] {
    this.#isOver = true;
    const left = [...this.#children].filter(({ pid }) => pid !== undefined);
    for (const child of left) child.kill("SIGKILL");
    return left;
  }
}

const current = new AsyncLocalStorage<CaseScope>();
/** Of everything that no case has started. */
const outside = new CaseScope();
const scopes = new Set([outside]);

// Node tells of every child process here, whoever starts it.
subscribe("child_process", (message) => {
  (current.getStore() ?? outside).take((message as { process: ChildProcess }).process);
});
process.on("exit", () => {
  for (const scope of scopes) scope.kill();
});

/** How long the killed may take to be gone. */
const GONE_MS = 2_000;

/**
 * Does `work`, and rejects when that takes longer than `timeoutMs`. Before it settles all processes that `work` has started, and
 * has not ended, are killed, and `onLeft` hears how many they were; what it starts later is killed as it comes.
 */
export async function inScope<T>(
  work: () => Promise<T>,
  { timeoutMs, onLeft }: { readonly timeoutMs: number; readonly onLeft: (processes: number) => void },
): Promise<T> {
  const scope = new CaseScope();
  scopes.add(scope);
  const working = current.run(scope, work);
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    const error = new Error(`had not ended after ${Math.round(timeoutMs / 1e3)} s`);
    timer = setTimeout(() => reject(error), timeoutMs);
  });
  // When it is too late nobody hears of what becomes of it.
  working.catch(() => {});
  try {
    return await Promise.race([working, tooLate]);
  } finally {
    clearTimeout(timer);
    const left = scope.kill();
    if (left.length > 0) onLeft(left.length);
    const gone = AbortSignal.timeout(GONE_MS);
    await Promise.allSettled(left.filter(isAlive).map((child) => once(child, "exit", { signal: gone })));
  }
}

function isAlive({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode === null && signalCode === null;
}
