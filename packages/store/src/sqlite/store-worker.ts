// A thread of a store: opens the database and answers calls, as `WorkerPlan` says.
import { parentPort, workerData } from "node:worker_threads";
import { ReaderHost } from "./reader-host.ts";
import { carryError, type WorkerCall, type WorkerPlan, type WorkerReply } from "./worker-calls.ts";
import { WriterHost } from "./writer-host.ts";

const plan = workerData as WorkerPlan;
const port = parentPort!;
const reply = (message: WorkerReply): void => port.postMessage(message);
const host = (plan.role === "writer"
  ? new WriterHost(plan, (notice) => reply({ notice }))
  : new ReaderHost(plan)) as unknown as {
  [method: string]: ((...args: readonly unknown[]) => unknown) | undefined;
};

port.on("message", ({ id, method, args }: WorkerCall) => {
  void answer(id, method, args);
});

async function answer(id: number, method: string, args: readonly unknown[]): Promise<void> {
  try {
    reply({ id, value: await host[method]!(...args) });
  } catch (error) {
    reply({ id, error: carryError(error) });
  }
}
