// Four members of one family, forked, in a cluster or in worker threads, all with the same settings and the same folder.
// node family.ts fork|cluster|worker FIRST_RUN MEMBERS TICKS. Each member ticks, tells how it stands, and ends when it is told.
import { type ChildProcess, fork } from "node:child_process";
import cluster from "node:cluster";
import { fileURLToPath } from "node:url";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import type { TelemetryHealth } from "@tracebook/node";

/** What a member tells. */
export interface MemberReport {
  readonly run: number;
  readonly ticks: number;
  readonly instanceId: string;
  readonly pid: number;
  readonly health: TelemetryHealth | undefined;
}

/** What the family is told; `join` starts one more member, `kill` ends the first one at once. */
export type FamilyOrder = "status" | "join" | "kill" | "end";

const [kind = "fork", firstRun = "1", members = "4", ticks = "100"] = process.argv.slice(2);
const MEMBER = "TRACEBOOK_FAULTS_MEMBER";
const isMember = !isMainThread || process.env[MEMBER] !== undefined;

if (isMember) await beMember();
else lead();

async function beMember(): Promise<void> {
  const { createObserver } = await import("../bot/create-observer.ts");
  const { numberedTraceId } = await import("../harness/numbered-id.ts");
  const run = isMainThread ? Number(process.env[MEMBER]) : (workerData as { run: number }).run;
  const observer = await createObserver("tracebook");
  // In turns, so that all members write at the same time.
  for (let i = 0; i < Number(ticks); i++) {
    observer.tick(numberedTraceId(run, i));
    if (i % 10 === 9) await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const report = (): MemberReport => ({
    run,
    ticks: Number(ticks),
    instanceId: observer.instanceId,
    pid: process.pid,
    health: observer.health(),
  });
  const say = (message: MemberReport): void => {
    if (isMainThread) process.send?.(message);
    else parentPort?.postMessage(message);
  };
  const hear = async (order: FamilyOrder): Promise<void> => {
    if (order === "end") await observer.shutdown();
    say(report());
    if (order === "end") setImmediate(() => (isMainThread ? process.exit() : parentPort?.close()));
  };
  if (isMainThread) {
    process.on("message", (order) => void hear(order as FamilyOrder));
    // Whoever loses its leader is not to stay behind.
    process.once("disconnect", () => process.exit());
  }
  parentPort?.on("message", (order) => void hear(order as FamilyOrder));
  say(report());
}

/** One member as its leader sees it. */
interface Member {
  tell(order: FamilyOrder): void;
  kill(): void;
  next(): Promise<MemberReport>;
}

function lead(): void {
  const family = Array.from({ length: Number(members) }, (_, i) => startMember(Number(firstRun) + i));
  const alive = new Set(family);
  const ready = Promise.all(family.map((member) => member.next()));
  const join = async (): Promise<void> => {
    const member = startMember(Number(firstRun) + family.length);
    family.push(member);
    await member.next();
    alive.add(member);
  };
  process.on("message", async (message) => {
    const { id, order } = message as { id: number; order: FamilyOrder };
    await ready;
    if (order === "join") await join();
    if (order === "kill") {
      const first = family[0]!;
      alive.delete(first);
      first.kill();
      process.send?.({ id, answer: [] });
      return;
    }
    const reports = [...alive].map((member) => {
      const next = member.next();
      member.tell(order === "join" ? "status" : order);
      return next;
    });
    process.send?.({ id, answer: await Promise.all(reports) });
  });
  process.once("disconnect", () => process.exit());
}

function startMember(run: number): Member {
  const waiting: ((report: MemberReport) => void)[] = [];
  const early: MemberReport[] = [];
  const heard = (report: MemberReport): void => {
    const next = waiting.shift();
    if (next === undefined) early.push(report);
    else next(report);
  };
  const next = (): Promise<MemberReport> => {
    const first = early.shift();
    return first === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(first);
  };
  if (kind === "worker") {
    const worker = new Worker(fileURLToPath(import.meta.url), { argv: process.argv.slice(2), workerData: { run } });
    worker.on("message", heard);
    return { next, tell: (order) => worker.postMessage(order), kill: () => void worker.terminate() };
  }
  const env = { ...process.env, [MEMBER]: String(run) };
  const child: ChildProcess =
    kind === "cluster"
      ? cluster.fork(env).process
      : fork(fileURLToPath(import.meta.url), process.argv.slice(2), { env });
  child.on("message", (message) => heard(message as MemberReport));
  return { next, tell: (order) => void child.send(order), kill: () => void child.kill("SIGKILL") };
}
