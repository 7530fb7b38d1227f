// The OTLP destinations of a process, as the configuration asks for them: senders, lanes and the spool behind them.
import {
  createDelivery,
  createOtlpHttpSender,
  type Delivery,
  type DeliveryLane,
  describeDeliveryFailure,
  describeSpoolFailure,
  type OtlpFormat,
  type OtlpSender,
  type OtlpSignal,
} from "@tracebook/exporters";
import type { OtlpTarget, TelemetryConfig } from "./config.ts";
import { maskUrl } from "./config-masking.ts";
import type { DropLedger } from "./drop-ledger.ts";
import { deliveryFactsOf } from "./otlp-delivery-facts.ts";

/** The way of one signal. */
export interface SignalWay {
  readonly lane: DeliveryLane;
  /** For what is lost last; only logs have one of their own. */
  readonly evidenceLane: DeliveryLane;
  readonly format: OtlpFormat;
  /** Where it goes, without secrets. */
  readonly url: string;
}

/** All ways out; a signal that does not leave over OTLP has none. */
export interface OtlpDelivery {
  readonly delivery: Delivery;
  readonly traces: SignalWay | undefined;
  readonly logs: SignalWay | undefined;
  readonly metrics: SignalWay | undefined;
  /** What the last failed request of a signal said. */
  lastError(signal: OtlpSignal): string | undefined;
  /** One line about what waits on disk for the next start; undefined when nothing does. */
  leftover(): string | undefined;
}

/** Opens the ways. Nothing is connected or written before there is something to send. */
export function createOtlpDelivery(
  config: TelemetryConfig,
  ledger: DropLedger,
  onSent: (signal: OtlpSignal, durationMs: number) => void,
): OtlpDelivery {
  const { otlp, spanQueue, logQueue, sources } = config;
  const errors = new Map<OtlpSignal, string>();
  const longestMs = { traces: spanQueue.timeoutMs, logs: logQueue.timeoutMs, metrics: Number.POSITIVE_INFINITY };
  const timeoutMsOf = (signal: OtlpSignal, target: OtlpTarget): number => Math.min(target.timeoutMs, longestMs[signal]);
  const delivery = createDelivery({
    spool: config.delivery.spool,
    maxBytes: config.delivery.maxBytes,
    maxItems: Math.max(spanQueue.maxSize, logQueue.maxSize),
    // Evidence has a name of its own: whoever watches over it need not know the way it takes.
    onDrop: ({ signal, recordClass }, reason, items) =>
      ledger.add(recordClass === "evidence" ? "evidence" : LOST_AS[signal], reason, items),
    onFailure({ signal }, failure, isFinal) {
      const target = otlp[signal]!;
      const line = describeDeliveryFailure(LOST_AS[signal], failure, isFinal, {
        ...deliveryFactsOf(signal, target, sources),
        timeoutMs: timeoutMsOf(signal, target),
      });
      errors.set(signal, line);
      // A part that is refused must not keep it from being said that nothing gets through.
      ledger.warn(`${failure.rejected === undefined ? "export" : "refused"}-${signal}`, line);
    },
    onSent: ({ signal }, durationMs) => onSent(signal, durationMs),
    onSpoolProblem: (error) => ledger.warn("spool", describeSpoolFailure(error)),
  });
  const wayOf = (signal: OtlpSignal): SignalWay | undefined => {
    const target = otlp[signal];
    if (target === undefined) return undefined;
    const sender = senderOf(signal, target, timeoutMsOf(signal, target));
    const lane = delivery.lane({ signal, recordClass: "ordinary" }, sender);
    return {
      lane,
      evidenceLane: signal === "logs" ? delivery.lane({ signal, recordClass: "evidence" }, sender) : lane,
      format: target.protocol === "http/json" ? "json" : "protobuf",
      url: maskUrl(target.url),
    };
  };
  const ways = { traces: wayOf("traces"), logs: wayOf("logs"), metrics: wayOf("metrics") };
  if (Object.values(ways).some((way) => way !== undefined)) void delivery.adopt();
  return {
    delivery,
    ...ways,
    lastError: (signal) => errors.get(signal),
    leftover() {
      const counts = Object.entries(LOST_AS).map(([signal, name]) => {
        const lanes = delivery.stats().filter((lane) => lane.signal === signal);
        return { name, count: lanes.reduce((sum, lane) => sum + lane.spooled, 0) };
      });
      const words = counts.filter(({ count }) => count > 0).map(({ name, count }) => `${count} ${name}`);
      if (words.length === 0 || config.delivery.spool === undefined) return undefined;
      return `tracebook: ${words.join(", ")} wait in ${config.delivery.spool.dir} and leave after the next start`;
    },
  };
}

/** What items of a signal are called where losses are told. */
const LOST_AS: Readonly<Record<OtlpSignal, string>> = { traces: "spans", logs: "logs", metrics: "metrics" };

function senderOf(signal: OtlpSignal, { url, headers, compression }: OtlpTarget, timeoutMs: number): OtlpSender {
  return createOtlpHttpSender({ signal, url, headers: { ...headers }, timeoutMs, compression });
}
