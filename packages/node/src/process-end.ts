// The end of the process: flush, then the host's own behaviour and exit code.

/** What is to happen at the end. */
export interface ProcessEndHooks {
  /** Flushes and closes everything within the shutdown timeout. Never rejects. */
  readonly shutdown: () => Promise<void>;
  /** Flushes everything within the shutdown timeout and goes on. Never rejects. */
  readonly flush: () => Promise<void>;
  /** Writes synchronously what must not be lost. Never throws. */
  readonly lastWrite: (why: "exit" | "crash") => void;
}

const SIGNALS = ["SIGTERM", "SIGINT", "SIGHUP"] as const;

/**
 * Watches for the end of the process; returns how to stop watching.
 *
 * A signal that the host handles itself stays the host's: Tracebook flushes beside it and goes on, since a service that winds
 * down still trades. A signal that nobody
 * else handles is sent again after the flush, so that the process ends as it would have without Tracebook, by the signal.
 */
export function watchProcessEnd(hooks: ProcessEndHooks): () => void {
  const listeners = new Map<NodeJS.Signals, () => void>();
  const stop = (): void => {
    for (const [signal, listener] of listeners) process.off(signal, listener);
    process.off("beforeExit", onBeforeExit);
    process.off("exit", onExit);
    process.off("uncaughtExceptionMonitor", onCrash);
  };
  const onSignal = (signal: NodeJS.Signals): void => {
    const hostHandlesIt = process.listenerCount(signal) > 1;
    // A second signal finds no handler of ours and ends the process at once, as impatient people expect.
    process.off(signal, listeners.get(signal) ?? noop);
    listeners.delete(signal);
    if (hostHandlesIt) void hooks.flush();
    else
      void hooks.shutdown().then(() => {
        if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
      });
  };
  for (const signal of SIGNALS) {
    const listener = (): void => onSignal(signal);
    listeners.set(signal, listener);
    process.on(signal, listener);
  }
  const onBeforeExit = (): void => {
    // Asynchronous work here keeps the process going until it is done; then beforeExit comes again, and finds us gone.
    process.off("beforeExit", onBeforeExit);
    void hooks.shutdown();
  };
  const onExit = (): void => hooks.lastWrite("exit");
  const onCrash = (): void => hooks.lastWrite("crash");
  process.on("beforeExit", onBeforeExit);
  process.on("exit", onExit);
  process.on("uncaughtExceptionMonitor", onCrash);
  return stop;
}

function noop(): void {}
