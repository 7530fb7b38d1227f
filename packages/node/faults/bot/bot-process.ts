// A bot in a process of its own: ticks at the pace it is told, every tick numbered, and tells how it stands. Forked by bot.ts.
import { readdirSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { numberedTraceId } from "../harness/numbered-id.ts";
import type { BotOrder, BotPlan, BotReport, BotStatus } from "./bot.ts";
import { createObserver } from "./create-observer.ts";
import { BURST_KINDS, type BurstKind, TICK_KINDS } from "./observer.ts";
import { openTickWindow, type WindowFigures } from "./tick-window.ts";

/** After a stall the ticks that are due come in turns, as frames out of a socket do. */
const MAX_TICKS_A_TURN = 100;
const MIB = 2 ** 20;

const plan = JSON.parse(process.argv[2] ?? "{}") as BotPlan;
const observer = await createObserver(plan.observer, plan);
const made: Record<string, number> = {};
const windows: WindowFigures[] = [];
let window = openTickWindow("start");
let ticksPerS = 0;
let pacing: Promise<void> | undefined;

/** Ticks at `ticksPerS` until that is 0. */
async function pace(): Promise<void> {
  let fromMs = performance.now();
  let since = 0;
  let rate = ticksPerS;
  while (ticksPerS > 0) {
    if (rate !== ticksPerS) [fromMs, since, rate] = [performance.now(), 0, ticksPerS];
    const due = Math.floor(((performance.now() - fromMs) * rate) / 1e3) - since;
    const turn = Math.min(due, MAX_TICKS_A_TURN);
    for (let i = 0; i < turn; i++) tickOnce();
    since += turn;
    await sleep(turn < due ? 0 : 1);
  }
}

function tickOnce(): void {
  const traceId = numberedTraceId(plan.run, made["tick"] ?? 0);
  const fromMs = performance.now();
  observer.tick(traceId);
  window.took(performance.now() - fromMs);
  count(TICK_KINDS, 1);
}

/** All in one turn of the event loop. */
function burst(what: BurstKind, spans: number): void {
  const kinds = BURST_KINDS[what];
  const make = what === "flows" ? observer.flow : observer.span;
  const first = made[kinds[0]!] ?? 0;
  const numbers = spans / kinds.length;
  for (let i = 0; i < numbers; i++) make(numberedTraceId(plan.run, first + i));
  count(kinds, numbers);
}

function count(kinds: readonly string[], numbers: number): void {
  for (const kind of kinds) made[kind] = (made[kind] ?? 0) + numbers;
}

function collectGarbage(): void {
  const { gc } = globalThis as { gc?: () => void };
  gc?.();
}

function status(): BotStatus {
  const { rss, heapUsed, external } = process.memoryUsage();
  return {
    made: { ...made },
    health: observer.health(),
    rssMib: Math.round((10 * rss) / MIB) / 10,
    heapBytes: heapUsed,
    externalBytes: external,
    descriptors: countDescriptors(),
  };
}

function countDescriptors(): number | undefined {
  try {
    return readdirSync("/proc/self/fd").length;
  } catch {
    // Only Linux tells.
    return undefined;
  }
}

async function stopTicking(): Promise<void> {
  ticksPerS = 0;
  await pacing;
  pacing = undefined;
}

async function obey(order: BotOrder): Promise<unknown> {
  switch (order.kind) {
    case "pace":
      if (order.ticksPerS === 0) return stopTicking();
      ticksPerS = order.ticksPerS;
      pacing ??= pace();
      return undefined;
    case "window":
      windows.push(window.end());
      window = openTickWindow(order.name);
      return windows.at(-1);
    case "burst": {
      burst(order.what, order.spans);
      const fromMs = performance.now();
      if (order.flush) await observer.flush();
      return { flushMs: Math.round(performance.now() - fromMs) };
    }
    case "look":
      collectGarbage();
      return status();
    case "status":
      return status();
    case "end": {
      await stopTicking();
      windows.push(window.end());
      const fromMs = performance.now();
      await observer.shutdown();
      const shutdownMs = Math.round(performance.now() - fromMs);
      return { ...status(), windows, shutdownMs } satisfies BotReport;
    }
  }
}

process.on("message", (message) => {
  const { id, order } = message as { id: number; order: BotOrder };
  obey(order).then(
    (answer) => process.send?.({ id, answer }),
    (error: unknown) => process.send?.({ id, error: String((error as Error)?.stack ?? error) }),
  );
});
// Without its parent nobody wants to know.
process.once("disconnect", () => process.exit());
