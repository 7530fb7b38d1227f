// The end of a bot, and the next process of its service: it makes nothing of its own, and sends what the one before has left on disk.
import type { TelemetryHealth } from "@tracebook/node";
import { type Bot, type BotReport, startBot } from "../bot/bot.ts";
import { restoredOf, waitingOf } from "./health-counts.ts";
import { findSpooled } from "./spool-folder.ts";
import { until } from "./until.ts";

const DRAIN_MS = 15_000;

/** Where the process before has left something. */
export interface Heritage {
  readonly endpoint: string;
  readonly dir: string;
  readonly run: number;
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts it, waits until nothing waits any more, and ends it; its last word. Something must have been left. */
export async function liveOn({ endpoint, dir, run, env = {} }: Heritage): Promise<TelemetryHealth | undefined> {
  const next = await startBot({ observer: "tracebook", endpoint, dir, env, run });
  const isDone = async (): Promise<boolean> => {
    const { health } = await next.status();
    return restoredOf(health) > 0 && waitingOf(health) === 0 && !findSpooled(dir);
  };
  // When it does not come to that, the balance says so.
  await until("an empty spool after a restart", isDone, { timeoutMs: DRAIN_MS, everyMs: 100 }).catch(() => {});
  return (await next.end()).health;
}

/** How a bot has ended. */
export interface BotEnd {
  readonly report: BotReport;
  /** The last word of the process that has sent what was left; undefined when nothing was. */
  readonly heir: TelemetryHealth | undefined;
}

/** Ends a bot. What it says to be on disk then has to be there: the next process of its service sends it. */
export async function endBot(bot: Bot, place: Omit<Heritage, "run">): Promise<BotEnd> {
  const report = await bot.end();
  const heir = waitingOf(report.health) > 0 ? await liveOn({ ...place, run: bot.run }) : undefined;
  return { report, heir };
}
