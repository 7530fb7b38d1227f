// Logs and metrics without traces, as most bots have them: pino to a file, prom-client scraped every second.
import { join } from "node:path";
import type { Verdict } from "@tracebook/decisions";
import { pino } from "pino";
import { Counter, Histogram, Registry } from "prom-client";
import { STAGE_BOUNDS_S, STAGES, TICK_ATTRIBUTES, TickWork } from "../tick-work.ts";
import type { Variant, VariantEnvironment } from "../variant.ts";

const SCRAPE_INTERVAL_MS = 1_000;
/** Lines are collected up to this size before they are written, off the thread. */
const MIN_LENGTH = 4_096;

/** Two lines a tick (stage latencies, decision), five histogram observations, two counters. */
export async function createPinoProm({ dir }: VariantEnvironment): Promise<Variant> {
  const work = new TickWork();
  const destination = pino.destination({ dest: join(dir, "bot.log"), sync: false, minLength: MIN_LENGTH });
  let full = false;
  destination.on("drain", () => {
    full = false;
  });
  const lines = {
    write(line: string) {
      if (!destination.write(line)) full = true;
    },
  };
  const logger = pino({ base: null }, lines).child(TICK_ATTRIBUTES);
  const registry = new Registry();
  const { stageSeconds, outcomes, decided } = createInstruments(registry);
  const scrape = setInterval(() => void registry.metrics(), SCRAPE_INTERVAL_MS);
  return {
    tick(index) {
      const startMs = performance.now();
      work.updateBook(index);
      const bookMs = performance.now();
      stageSeconds[0]!.observe((bookMs - startMs) / 1e3);
      const signal = work.findSignal(index);
      const signalMs = performance.now();
      stageSeconds[1]!.observe((signalMs - bookMs) / 1e3);
      const verdict = work.assess(index);
      decided[verdict.decision].inc();
      logger.info(decisionFields(verdict, index), "decision");
      const riskMs = performance.now();
      stageSeconds[2]!.observe((riskMs - signalMs) / 1e3);
      work.send(verdict);
      const sentMs = performance.now();
      stageSeconds[3]!.observe((sentMs - riskMs) / 1e3);
      work.acknowledge(signal);
      const ackMs = performance.now();
      stageSeconds[4]!.observe((ackMs - sentMs) / 1e3);
      outcomes[verdict.decision].inc();
      logger.info(
        {
          tick: index,
          ws_to_book_update_ms: bookMs - startMs,
          book_to_signal_ms: signalMs - bookMs,
          signal_to_risk_ms: riskMs - signalMs,
          risk_to_send_ms: sentMs - riskMs,
          send_to_ack_ms: ackMs - sentMs,
        },
        "stages",
      );
      return undefined;
    },
    isBehind: () => full,
    async flush() {
      if (full) await new Promise((resolve) => destination.once("drain", resolve));
      destination.flushSync();
    },
    output: () => ({ spans: undefined, logs: undefined, dropped: {} }),
    async close() {
      clearInterval(scrape);
      destination.end();
    },
  };
}

/** The instruments with their labels bound, as far as prom-client can. */
function createInstruments(registry: Registry) {
  const stageSeconds = new Histogram({
    name: "trading_stage_duration_seconds",
    help: "Duration of each stage",
    labelNames: ["flow", "stage"],
    buckets: [...STAGE_BOUNDS_S],
    registers: [registry],
  });
  const outcomes = new Counter({
    name: "trading_flow_outcomes_total",
    help: "Ticks by their end",
    labelNames: ["flow", "stage", "reason_code", "strategy", "symbol"],
    registers: [registry],
  });
  const decided = new Counter({
    name: "trading_decisions_total",
    help: "Decisions",
    labelNames: ["strategy", "decision", "reason_code"],
    registers: [registry],
  });
  const outcome = (reasonCode: string) =>
    outcomes.labels({ flow: "tick", stage: STAGES.at(-1)!, reason_code: reasonCode, ...TICK_ATTRIBUTES });
  const decision = (word: string, reasonCode: string) =>
    decided.labels({ strategy: TICK_ATTRIBUTES.strategy, decision: word, reason_code: reasonCode });
  return {
    stageSeconds: STAGES.map((stage) => stageSeconds.labels({ flow: "tick", stage })),
    outcomes: { ACCEPT: outcome("order_submitted"), REJECT: outcome("insufficient_edge") },
    decided: { ACCEPT: decision("ACCEPT", "accepted"), REJECT: decision("REJECT", "insufficient_edge") },
  };
}

/** The twelve fields of a decision; strategy and symbol come from the child logger. */
function decisionFields(verdict: Verdict, tick: number) {
  const edge = verdict.edge!;
  return {
    tick,
    decision: verdict.decision,
    reason_code: verdict.reasonCode,
    reason: verdict.reason,
    edge_unit: edge.edge_unit,
    gross_edge: edge.gross_edge,
    fees_est: edge.fees_est,
    slippage_est: edge.slippage_est,
    gas_est: edge.gas_est,
    latency_buffer: edge.latency_buffer,
    net_edge: edge.net_edge,
    min_threshold: edge.min_threshold,
  };
}
