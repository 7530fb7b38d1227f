// Long work in short turns: everything that waits shares one turn of the event loop after the other.

/** Works until it is past `untilMs` (of `performance.now()`); true when there is more to do. Must not throw. */
export type TurnWork = (untilMs: number) => boolean;

/** Gives turns to works, one after the other. */
export interface Turns {
  /** Queues a work; it must not be queued already. */
  add(work: TurnWork): void;
  /** Takes a work out of the queue. */
  remove(work: TurnWork): void;
}

/**
 * Makes the queue. All works together take about `turnMs` milliseconds of a turn of the event loop, however many they are.
 */
export function createTurns(turnMs: number): Turns {
  const queue: TurnWork[] = [];
  let isAwaited = false;
  const turn = (): void => {
    isAwaited = false;
    const untilMs = performance.now() + turnMs;
    do {
      const work = queue.shift();
      if (work === undefined) return;
      if (work(untilMs)) queue.push(work);
    } while (performance.now() < untilMs);
    wait();
  };
  const wait = (): void => {
    if (isAwaited || queue.length === 0) return;
    isAwaited = true;
    setImmediate(turn);
  };
  return {
    add(work) {
      queue.push(work);
      wait();
    },
    remove(work) {
      const at = queue.indexOf(work);
      if (at >= 0) queue.splice(at, 1);
    },
  };
}
