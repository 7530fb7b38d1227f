// The world outside: a paper exchange and TradingView's alerts. It is not ours, so nothing in it is observed.
import type { AddressInfo } from "node:net";
import { runService, type Service } from "../shared/child-process.ts";
import { createRandom } from "../shared/random.ts";
import { type AlertCounts, type AlertSource, startAlerts } from "./alert-source.ts";
import { createExchangeServer } from "./exchange-server.ts";
import { createPaperOrders } from "./paper-orders.ts";
import { createPriceWalk } from "./price-walk.ts";

/** What this process tells. */
export interface WorldReport {
  readonly alerts: AlertCounts;
  readonly exchange: { readonly filled: number; readonly rejected: number };
}

async function start(): Promise<Service<WorldReport>> {
  const { env } = process;
  const random = createRandom(Number(env.SEED ?? "1"));
  const prices = createPriceWalk(random);
  const orders = createPaperOrders({ prices, random, rejectPercent: Number(env.REJECT_PERCENT ?? "0") });
  const server = createExchangeServer(orders, {
    apiKey: env.BINGX_API_KEY ?? "",
    apiSecret: env.BINGX_API_SECRET ?? "",
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  let alerts: AlertSource | undefined;
  return {
    ports: { exchange: (server.address() as AddressInfo).port },
    report: () => ({
      alerts: alerts?.counts ?? { sent: 0, taken: 0, refused: 0, unheard: 0 },
      exchange: orders.counts,
    }),
    onMessage(message) {
      if (message.type === "quiet") void alerts?.stop();
      if (message.type !== "begin") return;
      const ratePerSecond = Number(env.SIGNAL_RATE ?? "5");
      alerts ??= startAlerts({
        url: message.webhookUrl,
        secret: env.WEBHOOK_SECRET ?? "",
        ratePerSecond,
        prices,
        random,
      });
    },
    async stop() {
      await alerts?.stop();
      server.closeAllConnections();
      server.close();
    },
  };
}

runService("world", start);
