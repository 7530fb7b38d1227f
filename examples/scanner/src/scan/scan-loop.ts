// Scans at a steady pace, one at a time: a scan that takes longer than the pace allows makes the next one wait for its turn.
import { type StartTimer, startSystemTimer } from "@tracebook-examples/basis-arbitrage/market";

/** Made by `startScanLoop`. */
export interface ScanLoop {
  /** No further scan begins; resolves when the one that is running, if any, is through. */
  stop(): Promise<void>;
}

/** What a loop needs. */
export interface ScanLoopOptions {
  /** Milliseconds from one scan to the next. */
  readonly everyMs: number;
  /** Must not reject. */
  readonly scan: () => Promise<unknown>;
  readonly startTimer?: StartTimer;
}

/** Starts a loop whose first scan is due after `everyMs`: before that there is nothing to see. */
export function startScanLoop({ everyMs, scan, startTimer = startSystemTimer }: ScanLoopOptions): ScanLoop {
  let isStopped = false;
  let running: Promise<unknown> | undefined;
  let cancel = (): void => {};
  const arm = (): void => {
    cancel = startTimer(() => {
      arm();
      if (running !== undefined) return;
      running = scan().finally(() => {
        running = undefined;
      });
    }, everyMs);
  };
  arm();
  return {
    async stop() {
      if (!isStopped) cancel();
      isStopped = true;
      await running;
    },
  };
}
