// The handle on a desk in a process of its own.
import type { CleanUpOptions, CleanUpResult, StoreHealth } from "@tracebook/store";
import type { WindowFigures } from "../../../node/faults/bot/tick-window.ts";
import { startWorker, type WorkerEnd } from "../../../node/faults/harness/worker.ts";

/** What the process is started with. */
export interface DeskPlan {
  /** The database. */
  readonly path: string;
  /** How long the lock is waited for, in milliseconds; the store's own default unless given. */
  readonly busyTimeoutMs?: number | undefined;
}

/** What a desk is told. */
export type DeskOrder =
  | { readonly kind: "open" | "look" | "health" | "close" }
  | { readonly kind: "cleanUp"; readonly options: CleanUpOptions };

/** A desk that has just opened. */
export interface OpenedDesk {
  readonly url: string;
  /** Milliseconds that opening took, without the start of the process. */
  readonly openMs: number;
}

/** How a desk stands. */
export interface DeskLook {
  /** Since the last look. */
  readonly window: WindowFigures;
  readonly store: StoreHealth;
  readonly problems: readonly string[];
  /** Names of what is in `Object.prototype`. */
  readonly prototype: readonly string[];
}

/** A desk's process, from its start on. */
export interface DeskChild {
  readonly pid: number;
  /** Resolves when it answers requests; rejects when the process has ended before. */
  readonly opened: Promise<OpenedDesk>;
  look(): Promise<DeskLook>;
  /** What its store says of itself. */
  health(): Promise<StoreHealth>;
  cleanUp(options: CleanUpOptions): Promise<CleanUpResult>;
  /** kill -9; resolves when it is gone. */
  kill(): Promise<WorkerEnd>;
  /** Closes it politely, and ends the process. */
  close(): Promise<WorkerEnd>;
  /** Settles when the process has ended, however that came. */
  readonly exit: Promise<WorkerEnd>;
  /** The lines that it has said. */
  lines(): readonly string[];
}

/** Starts a process and opens a desk in it, on a port of the system's choice: nobody else listens there, nor connects to itself. */
export function startDesk(plan: DeskPlan): DeskChild {
  const module = new URL("./desk-process.ts", import.meta.url);
  const worker = startWorker<DeskOrder>(module, "the desk", { args: [JSON.stringify(plan)] });
  const opened = worker.ask<OpenedDesk>({ kind: "open" });
  // One that is killed while it starts is missed by nobody.
  opened.catch(() => {});
  return {
    pid: worker.pid,
    opened,
    look: () => worker.ask({ kind: "look" }),
    health: () => worker.ask({ kind: "health" }),
    cleanUp: (options) => worker.ask({ kind: "cleanUp", options }),
    kill() {
      worker.signal("SIGKILL");
      return worker.exit;
    },
    async close() {
      await worker.ask({ kind: "close" });
      return worker.stop();
    },
    exit: worker.exit,
    lines: () => `${worker.stdout()}${worker.stderr()}`.split("\n").filter((line) => line !== ""),
  };
}
