// A desk as `tracebook serve` has it, in a process of its own that says what it costs. Forked by desk.ts.
import { type Desk, openDesk } from "@tracebook/server";
import { answerOrders } from "./child.ts";
import type { DeskCost, DeskOrder } from "./desk.ts";

let desk: Desk | undefined;

answerOrders<DeskOrder>(async (order) => {
  if (order.kind === "open") {
    // The records of a sample are from whenever it was made: none of them is to be cleaned up.
    const keep = {
      eventsRetentionDays: "forever",
      tracesRetentionDays: "forever",
      metricsRetentionDays: "forever",
    } as const;
    const onLine = (line: string) => void process.stderr.write(`${line}\n`);
    desk = await openDesk({ path: order.path, port: 0, keepAlive: true, onLine, ...keep }, {});
    return desk.url;
  }
  if (order.kind === "close") return desk?.close();
  const { user, system } = process.cpuUsage();
  return { cpuMicros: user + system, maxRssBytes: process.resourceUsage().maxRSS * 1024 } satisfies DeskCost;
});
