// Runs tasks, a bounded number at a time.

/** Tasks that run and wait. */
export interface TaskPool {
  /** Adds a task; it must not reject. */
  add(task: () => Promise<void>): void;
  /** Resolves when nothing runs and nothing waits. */
  idle(): Promise<void>;
  /** Forgets what waits; what runs goes on. */
  clear(): void;
}

/** Makes a pool of at most `limit` tasks at a time. */
export function createTaskPool(limit: number): TaskPool {
  const waiting: (() => Promise<void>)[] = [];
  let running = 0;
  const wakers: (() => void)[] = [];
  const isIdle = () => running === 0 && waiting.length === 0;
  const next = () => {
    while (running < limit && waiting.length > 0) {
      running++;
      void waiting.shift()!().finally(() => {
        running--;
        next();
      });
    }
    if (isIdle()) for (const wake of wakers.splice(0)) wake();
  };
  return {
    add(task) {
      waiting.push(task);
      next();
    },
    idle: () => (isIdle() ? Promise.resolve() : new Promise((resolve) => wakers.push(resolve))),
    clear() {
      waiting.length = 0;
      next();
    },
  };
}
