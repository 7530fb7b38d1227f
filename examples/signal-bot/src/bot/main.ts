// The chat bot's process. Its metrics have a port of their own; its updates are simulated.
import { startTelemetry, type TelemetryHealth } from "@tracebook/node";
import { runService, type Service } from "../shared/child-process.ts";
import { createRandom } from "../shared/random.ts";
import { createServiceLog } from "../shared/service-log.ts";
import { requiredSetting } from "../shared/setting.ts";
import { createBackendClient } from "./backend-client.ts";
import { type BotCounts, createChatBot } from "./bot.ts";
import { startChatUpdates } from "./chat-updates.ts";

/** What this process tells. */
export interface BotReport {
  readonly counts: BotCounts;
  readonly telemetry: TelemetryHealth;
  readonly startLine: string;
}

async function start(): Promise<Service<BotReport>> {
  const { env } = process;
  // Started before this file was loaded, by `--import @tracebook/node/register`; this gives the handle.
  const telemetry = await startTelemetry();
  const log = createServiceLog("bot", env);
  const backend = createBackendClient(requiredSetting(env, "BACKEND_URL"), requiredSetting(env, "BACKEND_TOKEN"));
  const bot = createChatBot(backend, log);
  const open = new Set<Promise<unknown>>();
  const updates = startChatUpdates(
    Number(env.UPDATE_RATE ?? "2"),
    createRandom(Number(env.SEED ?? "1") + 1),
    (update) => {
      const handled = bot.handle(update).finally(() => open.delete(handled));
      open.add(handled);
    },
  );
  return {
    ports: {},
    report: () => ({ counts: bot.counts, telemetry: telemetry.health(), startLine: telemetry.startLine }),
    onMessage(message) {
      if (message.type === "quiet") updates.stop();
    },
    async stop() {
      updates.stop();
      await Promise.allSettled(open);
      await telemetry.shutdown();
    },
  };
}

runService("bot", start);
