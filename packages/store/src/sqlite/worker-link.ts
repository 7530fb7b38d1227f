// The threads of a store on SQLite, as the host's thread sees them.
import type { Worker } from "node:worker_threads";
import { startThread, ThreadLink } from "../thread-link.ts";
import type { WorkerNotice, WorkerPlan } from "./worker-calls.ts";

/** Calls methods in the reader's or the writer's thread. */
export class WorkerLink extends ThreadLink<WorkerPlan, WorkerNotice> {
  constructor(plan: WorkerPlan, onNotice: (notice: WorkerNotice) => void = () => {}) {
    super(plan, startWorker, onNotice);
  }
}

function startWorker(plan: WorkerPlan): Worker {
  return startThread(import.meta.url, "./store-worker", `tracebook-store-${plan.role}`, plan);
}
