// A thread of a store as the host's thread sees it: calls with answers, and a new thread where one has died.
import { Worker } from "node:worker_threads";
import { StoreError } from "./errors.ts";
import { type CarriedError, toError, type WorkerCall } from "./sqlite/worker-calls.ts";

/** What comes back: an answer, or something nobody asked for. */
type ThreadReply<Notice> =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: CarriedError }
  | { readonly notice: Notice };

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Calls methods in a thread of its own, which is started by the first call and never keeps the process alive. */
export class ThreadLink<Plan extends { readonly role: string }, Notice> {
  readonly #plan: Plan;
  readonly #start: (plan: Plan) => Worker;
  readonly #onNotice: (notice: Notice) => void;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #ids = 0;
  #isClosed = false;

  constructor(plan: Plan, start: (plan: Plan) => Worker, onNotice: (notice: Notice) => void) {
    this.#plan = plan;
    this.#start = start;
    this.#onNotice = onNotice;
  }

  /** Calls `method`. Rejects with what it throws, `store_failed` when the thread dies, and `store_closed` after `close()`. */
  call<T>(method: string, args: readonly unknown[], transfer: readonly ArrayBuffer[] = []): Promise<T> {
    if (this.#isClosed) return Promise.reject(new StoreError("store_closed", "The store was closed."));
    return new Promise<T>((resolve, reject) => {
      const id = ++this.#ids;
      this.#waiting.set(id, { resolve: resolve as (value: unknown) => void, reject });
      const worker = this.#started();
      try {
        worker.postMessage({ id, method, args } satisfies WorkerCall, transfer);
        // A host that waits for an answer is not at its end.
        worker.ref();
      } catch (error) {
        // What cannot be copied, a function among the data for one, never gets there: nobody would answer.
        this.#waiting.delete(id);
        if (this.#waiting.size === 0) worker.unref();
        throw error;
      }
    });
  }

  /** Lets the thread end what it is at, closes its database and ends it. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    const worker = this.#worker;
    const closing = worker === undefined ? undefined : this.call("close", []);
    this.#isClosed = true;
    await closing?.catch(() => {});
    if (worker !== undefined) await hasEnded(worker);
    this.#end(new StoreError("store_closed", "The store was closed."));
  }

  /** Ends the thread at once; the next call starts another. What was under way is rejected. */
  async restart(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    this.#end(new StoreError("store_failed", "The database was replaced in the midst of it."));
    await worker?.terminate();
  }

  #started(): Worker {
    if (this.#worker !== undefined) return this.#worker;
    const worker = this.#start(this.#plan);
    this.#worker = worker;
    worker.on("message", (reply: ThreadReply<Notice>) => this.#take(reply));
    worker.on("error", (error) => {
      if (this.#worker !== worker) return;
      this.#worker = undefined;
      this.#end(new StoreError("store_failed", `The ${this.#plan.role}'s thread has ended: ${error.message}.`));
    });
    worker.on("exit", () => {
      if (this.#worker !== worker) return;
      this.#worker = undefined;
      this.#end(new StoreError("store_failed", `The ${this.#plan.role}'s thread has ended.`));
    });
    return worker;
  }

  #take(reply: ThreadReply<Notice>): void {
    if ("notice" in reply) return this.#onNotice(reply.notice);
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if (this.#waiting.size === 0) this.#worker?.unref();
    if ("error" in reply) waiting?.reject(toError(reply.error));
    else waiting?.resolve(reply.value);
  }

  #end(error: StoreError): void {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}

/** A thread that has answered its `close` has nothing left to do; one that goes on for longer is ended. */
const END_MS = 2_000;

/** The thread ends by itself: what is ended from outside may be in the midst of native code. */
async function hasEnded(worker: Worker): Promise<void> {
  // It has ended already.
  if (worker.threadId === -1) return;
  worker.ref();
  const timer = setTimeout(() => void worker.terminate(), END_MS);
  await new Promise<void>((resolve) => worker.once("exit", () => resolve()));
  clearTimeout(timer);
}

/** V8 would take 64 MiB for what lives as long as a request; with less of it a request costs the same. */
const YOUNG_MIB = 16;

/** Older versions of Node call `node:sqlite`, and what they run from source, experimental, on stderr. */
const QUIET = ["--disable-warning=ExperimentalWarning"];

/**
 * Starts the thread of `file`, which lies beside the module that says so by its own `import.meta.url`: `./store-worker`, without an ending.
 * From source there is no built file, and workspace packages are found under the condition of the workspace.
 */
export function startThread(module: string, file: string, name: string, workerData: unknown): Worker {
  const isSource = module.endsWith(".ts");
  return new Worker(new URL(`${file}${isSource ? ".ts" : ".js"}`, module), {
    name,
    workerData,
    execArgv: isSource ? ["--conditions=@tracebook/source", ...QUIET] : QUIET,
    // None of the host's: NODE_OPTIONS may hold an --import that would start telemetry in here.
    env: {},
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MIB },
  });
}
