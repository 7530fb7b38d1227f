// The thread of a PostgreSQL store that writes: reads requests while those before are on their way.
import { parentPort, workerData } from "node:worker_threads";
import { carryError, isWrite, type WorkerCall } from "../sqlite/worker-calls.ts";
import { PostgresWriterHost } from "./writer-host.ts";
import type { PostgresWriterPlan } from "./writer-plan.ts";

/** Writes that wait are done together, so many of them, or so many bytes: a transaction must not take much longer than a request does. */
const MAX_CALLS = 64;
const MAX_BYTES = 4 * 1_048_576;

const port = parentPort!;
const host = new PostgresWriterHost(workerData as PostgresWriterPlan, (notice) => port.postMessage({ notice }));
const methods = host as unknown as { [method: string]: (...args: readonly unknown[]) => Promise<unknown> };
const waiting: WorkerCall[] = [];
let isPumping = false;

port.on("message", (call: WorkerCall) => {
  waiting.push(call);
  if (!isPumping) void pump();
});

async function pump(): Promise<void> {
  isPumping = true;
  let writing: Promise<void> = Promise.resolve();
  for (let call = waiting.shift(); call !== undefined; call = waiting.shift()) {
    if (!isWrite(call)) {
      // A close comes behind what was to be written.
      if (call.method === "close") await writing;
      void answer(call);
      continue;
    }
    const calls = takeWaiting(call);
    const read = host.read(calls);
    await writing;
    writing = host.write(read).then((outcomes) => {
      for (const [i, outcome] of outcomes.entries()) send(calls[i]!.id, outcome);
    });
    // While it is on its way, more may come; and where nothing has, it is waited for, so that what comes meanwhile is done together.
    if (waiting.length === 0) await writing;
  }
  await writing;
  isPumping = false;
}

async function answer({ id, method, args }: WorkerCall): Promise<void> {
  try {
    send(id, { value: await methods[method]!(...args) });
  } catch (error) {
    send(id, { error });
  }
  // Nothing comes any more, and nothing keeps this thread.
  if (method === "close") port.close();
}

function send(id: number, outcome: { readonly value: unknown } | { readonly error: unknown }): void {
  port.postMessage("value" in outcome ? { id, value: outcome.value } : { id, error: carryError(outcome.error) });
}

/** The writes that wait already. */
function takeWaiting(first: WorkerCall): readonly WorkerCall[] {
  const calls = [first];
  let bytes = sizeOf(first);
  while (calls.length < MAX_CALLS && bytes < MAX_BYTES && waiting[0] !== undefined && isWrite(waiting[0])) {
    const call = waiting.shift()!;
    calls.push(call);
    bytes += sizeOf(call);
  }
  return calls;
}

/** Of a body; lists of items are of a host that makes them itself, and few. */
function sizeOf({ args }: WorkerCall): number {
  return args[1] instanceof Uint8Array ? args[1].byteLength : MAX_BYTES / MAX_CALLS;
}
