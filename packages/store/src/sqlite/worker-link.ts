// The threads of a store on SQLite, as the host's thread sees them.
import { Worker } from "node:worker_threads";
import { ThreadLink } from "../thread-link.ts";
import type { WorkerNotice, WorkerPlan } from "./worker-calls.ts";

/** Calls methods in the reader's or the writer's thread. */
export class WorkerLink extends ThreadLink<WorkerPlan, WorkerNotice> {
  constructor(plan: WorkerPlan, onNotice: (notice: WorkerNotice) => void = () => {}) {
    super(plan, startWorker, onNotice);
  }
}

function startWorker(plan: WorkerPlan): Worker {
  // From source there is no built file beside this one, and workspace packages are found under the condition of the workspace.
  const isSource = import.meta.url.endsWith(".ts");
  const url = new URL(isSource ? "./store-worker.ts" : "./store-worker.js", import.meta.url);
  return new Worker(url, {
    name: `tracebook-store-${plan.role}`,
    workerData: plan,
    execArgv: isSource ? ["--conditions=@tracebook/source", ...QUIET] : QUIET,
    // None of the host's: NODE_OPTIONS may hold an --import that would start telemetry in here.
    env: {},
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MIB },
  });
}

/** V8 would take 64 MiB for what lives as long as a request; with less of it a request costs the same. */
const YOUNG_MIB = 16;

/** Node 22 calls `node:sqlite` experimental, on stderr. */
const QUIET = ["--disable-warning=ExperimentalWarning"];
