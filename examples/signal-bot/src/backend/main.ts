// The backend: takes signals in over HTTP, keeps them in PostgreSQL, queues them in Redis, and trades on them on paper.
import { startTelemetry, type Telemetry, type TelemetryHealth, tradingMetrics } from "@tracebook/node";
import type { Logger } from "pino";
import { runService, type Service } from "../shared/child-process.ts";
import { createServiceLog } from "../shared/service-log.ts";
import { INSTRUMENT_NAMES } from "../shared/symbols.ts";
import { createExchangeClient } from "./exchange-client.ts";
import type { OrderCounts } from "./handling.ts";
import { startHttpServer } from "./http-server.ts";
import { recordFills } from "./order-records.ts";
import { createOrderService } from "./order-service.ts";
import { startOrderWorker } from "./order-worker.ts";
import { createPositions } from "./positions.ts";
import { observeQueueDepth } from "./queue-depth.ts";
import { watchQueue } from "./queue-watch.ts";
import { type BackendSettings, parseBackendSettings } from "./settings.ts";
import { createSignalService } from "./signal-service.ts";
import { openStores, type Stores } from "./stores.ts";

/** What this process tells. */
export interface BackendReport {
  readonly counts: OrderCounts;
  /** Exact decimals in USD, by symbol. */
  readonly realisedPnl: Readonly<Record<string, string>>;
  /** Signals that wait; undefined while Redis does not answer. */
  readonly queueDepth: number | undefined;
  readonly telemetry: TelemetryHealth;
  readonly startLine: string;
}

const DRAIN_MS = 3_000;

async function start(): Promise<Service<BackendReport>> {
  const settings = parseBackendSettings(process.env);
  // Started before this file was loaded, by `--import @tracebook/node/register`; this gives the handle.
  const telemetry = await startTelemetry();
  const log = createServiceLog("backend", process.env);
  const stores = await openStores(settings, log);
  return serve(settings, telemetry, log, stores);
}

async function serve(
  settings: BackendSettings,
  telemetry: Telemetry,
  log: Logger,
  stores: Stores,
): Promise<Service<BackendReport>> {
  const { database, queue } = stores;
  const { counts, orders, signals } = await createServices(settings, log, stores);
  const parts = { signals, database, counts, depth: queue.depth, log, metrics: telemetry.metricsHandler };
  const server = await startHttpServer(parts, settings, settings);
  const stopObserving = observeQueueDepth(queue.depth);
  const worker = startOrderWorker({ queue, orders, log });
  const watch = watchQueue(queue);
  tradingMetrics.botsActive.set(1, { status: "running" });
  return {
    ports: { backend: server.port },
    report: () => ({
      counts,
      realisedPnl: realisedPnl(),
      queueDepth: watch.depth(),
      telemetry: telemetry.health(),
      startLine: telemetry.startLine,
    }),
    onMessage(message) {
      if (message.type === "outage") server.outage(message.durationMs);
    },
    async stop() {
      await server.close();
      // What was taken in is worked off, unless it is too much or the exchange is gone.
      await watch.drained(DRAIN_MS);
      watch.stop();
      await worker.stop();
      tradingMetrics.botsActive.set(0, { status: "running" });
      tradingMetrics.botsActive.set(1, { status: "stopped" });
      // While Redis is there, so that the last export has the depth of the queue.
      await telemetry.flush();
      stopObserving();
      await stores.close();
      await telemetry.shutdown();
    },
  };
}

/** The services, as far as an earlier run had come. */
async function createServices(settings: BackendSettings, log: Logger, { database, queue }: Stores) {
  const positions = createPositions();
  const earlier = await database.fills();
  for (const fill of earlier) positions.apply(fill, false);
  recordFills(earlier);
  const { exchangeUrl: url, apiKey, apiSecret } = settings;
  const exchange = createExchangeClient({ url, apiKey, apiSecret });
  const orders = createOrderService({ database, exchange, positions, log });
  const signals = createSignalService({ database, queue, log });
  await queue.recover();
  await signals.requeue();
  return { counts: orders.counts, orders, signals };
}

function realisedPnl(): Record<string, string> {
  const known = INSTRUMENT_NAMES.flatMap((symbol) => {
    const position = tradingMetrics.position(symbol);
    return position === undefined ? [] : [[symbol, position.realisedPnl] as const];
  });
  return Object.fromEntries(known);
}

runService("backend", start);
