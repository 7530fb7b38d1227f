// The backend: takes signals in over HTTP, keeps them in PostgreSQL, queues them in Redis, and trades on them on paper.
import { setTimeout } from "node:timers/promises";
import { observeRedis, startTelemetry, type TelemetryHealth, tradingMetrics } from "@tracebook/node";
import { runService, type Service } from "../shared/child-process.ts";
import { createServiceLog } from "../shared/service-log.ts";
import { INSTRUMENT_NAMES } from "../shared/symbols.ts";
import { openDatabase } from "./database.ts";
import { createExchangeClient } from "./exchange-client.ts";
import { startHttpServer } from "./http-server.ts";
import { createOrderService, type OrderCounts, recordFills } from "./order-service.ts";
import { startOrderWorker } from "./order-worker.ts";
import { createPositions } from "./positions.ts";
import { observeQueueDepth } from "./queue-depth.ts";
import { openSignalQueue } from "./signal-queue.ts";
import { createSignalService } from "./signal-service.ts";

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

const LOOK_EVERY_MS = 1_000;
const DRAIN_MS = 3_000;

async function start(): Promise<Service<BackendReport>> {
  const { env } = process;
  // Started before this file was loaded, by `--import @tracebook/node/register`; this gives the handle.
  const telemetry = await startTelemetry();
  const log = createServiceLog("backend", env);
  const troubled = (what: string) => (error: Error) => log.warn({ err: error }, `${what} is in trouble`);
  const database = await openDatabase(env.DATABASE_URL ?? "", troubled("PostgreSQL"));
  const queue = await openSignalQueue(env.REDIS_URL ?? "", troubled("Redis"), observeRedis);
  const positions = createPositions();
  const earlier = await database.fills();
  for (const fill of earlier) positions.apply(fill);
  recordFills(earlier);
  const exchange = createExchangeClient({
    url: env.EXCHANGE_URL ?? "",
    apiKey: env.BINGX_API_KEY ?? "",
    apiSecret: env.BINGX_API_SECRET ?? "",
  });
  const orders = createOrderService({ database, exchange, positions, log });
  const signals = createSignalService({ database, queue, log });
  const parts = { signals, database, counts: orders.counts, depth: queue.depth, log };
  const metrics = telemetry.metricsHandler;
  const secrets = { webhookSecret: env.WEBHOOK_SECRET ?? "", backendToken: env.BACKEND_TOKEN ?? "" };
  const server = await startHttpServer({ ...parts, metrics }, secrets, Number(env.BACKEND_PORT ?? "8000"));
  const stopObserving = observeQueueDepth(queue.depth);
  const worker = startOrderWorker(queue, orders, log);
  tradingMetrics.botsActive.set(1, { status: "running" });
  let queueDepth: number | undefined;
  const lookAtQueue = async (): Promise<number | undefined> => {
    queueDepth = await queue.depth().catch(() => undefined);
    return queueDepth;
  };
  const timer = setInterval(() => void lookAtQueue(), LOOK_EVERY_MS);
  return {
    ports: { backend: server.port },
    report: () => ({
      counts: orders.counts,
      realisedPnl: realisedPnl(),
      queueDepth,
      telemetry: telemetry.health(),
      startLine: telemetry.startLine,
    }),
    onMessage(message) {
      if (message.type === "outage") server.outage(message.durationMs);
    },
    async stop() {
      clearInterval(timer);
      await server.close();
      // What was taken in is worked off, unless it is too much or the exchange is gone.
      const deadlineMs = performance.now() + DRAIN_MS;
      while ((await lookAtQueue()) !== 0 && performance.now() < deadlineMs) await setTimeout(20);
      await worker.stop();
      tradingMetrics.botsActive.set(0, { status: "running" });
      tradingMetrics.botsActive.set(1, { status: "stopped" });
      // While Redis is there, so that the last export has the depth of the queue.
      await telemetry.flush();
      stopObserving();
      await Promise.allSettled([queue.close(), database.close()]);
      await telemetry.shutdown();
    },
  };
}

function realisedPnl(): Record<string, string> {
  const known = INSTRUMENT_NAMES.flatMap((symbol) => {
    const position = tradingMetrics.position(symbol);
    return position === undefined ? [] : [[symbol, position.realisedPnl] as const];
  });
  return Object.fromEntries(known);
}

runService("backend", start);
