// The thread of a ClickHouse store that writes: requests are read as they come, and those that come together are written together.
import { parentPort, workerData } from "node:worker_threads";
import { carryError, type WorkerCall } from "../sqlite/worker-calls.ts";
import type { ClickhouseNotice, ClickhouseWriterPlan } from "./writer-plan.ts";
import { openWriting, type Writing } from "./writing/writing.ts";

const port = parentPort!;
const plan = workerData as ClickhouseWriterPlan;
let opening: Promise<Writing> | undefined;
let told = "";

port.on("message", (call: WorkerCall) => void answer(call));

async function answer({ id, method, args }: WorkerCall): Promise<void> {
  try {
    const writing = await opened();
    try {
      const call = (writing as unknown as { [name: string]: (...given: readonly unknown[]) => Promise<unknown> })[
        method
      ];
      const value = await call!.apply(writing, args as unknown[]);
      tell(writing);
      port.postMessage({ id, value });
    } catch (error) {
      tell(writing);
      throw error;
    }
  } catch (error) {
    port.postMessage({ id, error: carryError(error) });
  }
  // Nothing comes any more, and nothing keeps this thread.
  if (method === "close") port.close();
}

/** A server that is away may be back with the next call. */
function opened(): Promise<Writing> {
  opening ??= openWriting(plan).catch((error: unknown) => {
    opening = undefined;
    throw error;
  });
  return opening;
}

/** Ahead of the answer to the write: whoever has that, and asks, is told what came of it. */
function tell(writing: Writing): void {
  const counts = writing.counts();
  const text = JSON.stringify(counts);
  if (text === told) return;
  told = text;
  port.postMessage({ notice: { counts } satisfies ClickhouseNotice });
}
