// A thread of a store: opens the database and answers calls, as `WorkerPlan` says.
import { parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";
import { ReaderHost } from "./reader-host.ts";
import { carryError, isWrite, type WorkerCall, type WorkerPlan, type WorkerReply } from "./worker-calls.ts";
import { type Outcome, WriterHost } from "./writer-host.ts";

/** Writes that wait are done together, so many of them, or so many bytes: a transaction must not take much longer than a request does. */
const MAX_CALLS = 32;
const MAX_BYTES = 4 * 1_048_576;

const plan = workerData as WorkerPlan;
const port = parentPort!;
const reply = (message: WorkerReply): void => port.postMessage(message);
const writer = plan.role === "writer" ? new WriterHost(plan, (notice) => reply({ notice })) : undefined;
const host = (writer ?? new ReaderHost(plan)) as unknown as {
  [method: string]: ((...args: readonly unknown[]) => unknown) | undefined;
};

port.on("message", (call: WorkerCall) => {
  if (writer === undefined || !isWrite(call)) {
    void answer(call);
    return;
  }
  const { writes, other } = takeWaiting(call);
  for (const [i, outcome] of writer.writeAll(writes).entries()) send(writes[i]!.id, outcome);
  if (other !== undefined) void answer(other);
});

async function answer({ id, method, args }: WorkerCall): Promise<void> {
  try {
    send(id, { value: await host[method]!(...args) });
  } catch (error) {
    send(id, { error });
  }
  // Nothing comes any more, and nothing keeps this thread.
  if (method === "close") port.close();
}

function send(id: number, outcome: Outcome): void {
  reply("value" in outcome ? { id, value: outcome.value } : { id, error: carryError(outcome.error) });
}

/** The writes that wait already, and the call that ended their row. */
function takeWaiting(first: WorkerCall): {
  readonly writes: readonly WorkerCall[];
  readonly other: WorkerCall | undefined;
} {
  const writes = [first];
  let bytes = sizeOf(first);
  while (writes.length < MAX_CALLS && bytes < MAX_BYTES) {
    const waiting = receiveMessageOnPort(port) as { readonly message: WorkerCall } | undefined;
    if (waiting === undefined) break;
    if (!isWrite(waiting.message)) return { writes, other: waiting.message };
    writes.push(waiting.message);
    bytes += sizeOf(waiting.message);
  }
  return { writes, other: undefined };
}

/** Of a body; lists of items are of a host that makes them itself, and few. */
function sizeOf({ args }: WorkerCall): number {
  return args[1] instanceof Uint8Array ? args[1].byteLength : MAX_BYTES / MAX_CALLS;
}
