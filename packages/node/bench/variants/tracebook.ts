// Tracebook as a user sets it up: one call, everything on, the built package by its public name.
// Each tick is written out, as in the variants it is compared with: stages that two of them shared would be functions of their own,
// which V8 compiles and inlines differently from one body.
import { decisions, defineFlow, type Flow, startTelemetry, type Telemetry, tradingEvents } from "@tracebook/node";
import { exportCallsMs } from "../export-call-log.ts";
import { STAGES, TICK_ATTRIBUTES, TickWork } from "../tick-work.ts";
import { MAX_WAITING, NO_OUTPUT, type Variant, type VariantEnvironment } from "../variant.ts";

type TickFlow = Flow<(typeof STAGES)[number]>;

/** The tick inside a flow, in its context; the given share of traces is kept. */
export async function createTracebook(environment: VariantEnvironment, sampleRatio: number): Promise<Variant> {
  const telemetry = await start(environment, sampleRatio);
  return { ...outputOf(telemetry, sampleRatio >= 1), tick: createRunTick(), exportCallsMs };
}

/** The same tick as an async function that waits once inside its flow. */
export async function createAsyncTracebook(environment: VariantEnvironment, sampleRatio: number): Promise<Variant> {
  const telemetry = await start(environment, sampleRatio);
  const work = new TickWork();
  const tick = defineFlow("tick", { stages: STAGES, spanKind: "consumer" });
  const answered = Promise.resolve();
  const handle = async (flow: TickFlow, index: number): Promise<void> => {
    work.updateBook(index);
    flow.mark("ws_to_book_update");
    const signal = work.findSignal(index);
    flow.mark("book_to_signal");
    const verdict = work.assess(index);
    decisions.record(verdict);
    flow.mark("signal_to_risk");
    work.send(verdict);
    flow.mark("risk_to_send");
    await answered;
    work.acknowledge(signal);
    flow.mark("send_to_ack");
    flow.stop(verdict.accepted ? "order_submitted" : verdict.reasonCode);
  };
  return {
    ...outputOf(telemetry, sampleRatio >= 1),
    tick: (index) => tick.run(TICK_ATTRIBUTES, (flow) => handle(flow, index)),
  };
}

/** Telemetry that nobody switched on, with the flow made by hand. */
export async function createDisabled(): Promise<Variant> {
  await startTelemetry();
  const work = new TickWork();
  const tick = defineFlow("tick", { stages: STAGES, spanKind: "consumer" });
  return {
    ...NO_OUTPUT,
    tick(index) {
      const flow = tick.start(TICK_ATTRIBUTES);
      work.updateBook(index);
      flow.mark("ws_to_book_update");
      const signal = work.findSignal(index);
      flow.mark("book_to_signal");
      const verdict = work.assess(index);
      decisions.record(verdict, { flow });
      flow.mark("signal_to_risk");
      work.send(verdict);
      flow.mark("risk_to_send");
      work.acknowledge(signal);
      flow.mark("send_to_ack");
      flow.end(verdict.accepted ? "order_submitted" : verdict.reasonCode);
      return undefined;
    },
  };
}

/** The same with `run`, as most hosts write it. */
export async function createDisabledRun(): Promise<Variant> {
  await startTelemetry();
  return { ...NO_OUTPUT, tick: createRunTick() };
}

/** One `order_request` a tick: handed to the operating system before the call returns. */
export async function createOrderRequest(environment: VariantEnvironment, sampleRatio: number): Promise<Variant> {
  const telemetry = await start(environment, sampleRatio);
  return {
    ...outputOf(telemetry, false),
    tick(index) {
      tradingEvents.orderRequest.emit({
        client_order_id: `bench-${index}`,
        symbol: TICK_ATTRIBUTES.symbol,
        side: index % 2 === 0 ? "BUY" : "SELL",
        order_type: "LIMIT",
        quantity: "0.015",
        price: "60000.10",
        venue: "binance",
      });
      return undefined;
    },
  };
}

function start({ sinkUrl, dir }: VariantEnvironment, sampleRatio: number): Promise<Telemetry> {
  return startTelemetry({
    enabled: true,
    quiet: true,
    serviceName: "bench",
    otlpEndpoint: sinkUrl,
    otlpProtocol: "http/protobuf",
    sampleRatio,
    metricsIntervalMs: 1_000,
    prometheusPort: 0,
    dir,
  });
}

function createRunTick(): (index: number) => undefined {
  const work = new TickWork();
  const tick = defineFlow("tick", { stages: STAGES, spanKind: "consumer" });
  const handle = (flow: TickFlow, index: number): undefined => {
    work.updateBook(index);
    flow.mark("ws_to_book_update");
    const signal = work.findSignal(index);
    flow.mark("book_to_signal");
    const verdict = work.assess(index);
    decisions.record(verdict);
    flow.mark("signal_to_risk");
    work.send(verdict);
    flow.mark("risk_to_send");
    work.acknowledge(signal);
    flow.mark("send_to_ack");
    return flow.stop(verdict.accepted ? "order_submitted" : verdict.reasonCode);
  };
  return (index) => tick.run(TICK_ATTRIBUTES, (flow) => handle(flow, index));
}

/** Where the output of a telemetry stands; at a small ratio nothing waits long enough to be asked about. */
function outputOf(telemetry: Telemetry, keepsAll: boolean): Omit<Variant, "tick"> {
  return {
    isBehind() {
      if (!keepsAll) return false;
      const { traces, logs } = telemetry.health();
      return Math.max(traces?.queued ?? 0, logs?.queued ?? 0) > MAX_WAITING;
    },
    flush: () => telemetry.flush(),
    output() {
      const { dropped, flows } = telemetry.health();
      const kept = flows?.flowsKept ?? 0;
      return { spans: kept * (STAGES.length + 1), logs: kept, dropped };
    },
    close: () => telemetry.shutdown(),
  };
}
