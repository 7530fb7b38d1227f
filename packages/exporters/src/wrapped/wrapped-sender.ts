// Sends OTLP requests through any OpenTelemetry exporter: their bytes become objects again.
import { setImmediate as nextTurn } from "node:timers/promises";
import type { LogRecordExporter } from "@opentelemetry/sdk-logs";
import type { PushMetricExporter } from "@opentelemetry/sdk-metrics";
import type { SpanExporter } from "@opentelemetry/sdk-trace";
import type { OtlpRequest, OtlpSender, OtlpSignal, SendOutcome } from "../delivery/sender.ts";
import { countDataPoints } from "../otlp-requests.ts";
import { outcomeOfDelay } from "./export-outcome.ts";
import { type AnyExporter, callExporter, untraced } from "./exporter-call.ts";
import { decodeLogRecords } from "./log-record-decoder.ts";
import { decodeMetrics } from "./metric-decoder.ts";
import { decodeSpans } from "./span-decoder.ts";

/** The exporters of the signals. */
export interface WrappedExporters {
  readonly traces: SpanExporter;
  readonly logs: LogRecordExporter;
  readonly metrics: PushMetricExporter;
}

/** What a wrapped sender is told once. */
export interface WrappedSenderOptions<Signal extends OtlpSignal> {
  readonly signal: Signal;
  readonly exporter: WrappedExporters[Signal];
  /**
   * Milliseconds of monotonic time that the exporter has for a request, and that a request waits at most for those before it. 1 to
   * 600,000. Give the exporter itself less: what it delivers after that is delivered again.
   */
  readonly timeoutMs: number;
  /** Where the requests go, fit to be shown. Default: the name of the exporter's class. */
  readonly destination?: string | undefined;
}

/** A sender that hands requests to an OpenTelemetry exporter. */
export interface WrappedSender extends OtlpSender {
  /** Shuts the exporter down, once, and ends what is still under way then. Never rejects; takes `timeoutMs` at most, by a timer that does not hold the process. */
  shutdown(): Promise<void>;
}

/** A request as the exporter takes it: what it is given in each call, and how many items that is. */
interface DecodedRequest {
  readonly batches: readonly unknown[];
  readonly items: number;
}

const DECODERS: Readonly<Record<OtlpSignal, (bytes: Uint8Array) => DecodedRequest>> = {
  traces: (bytes) => inOneCall(decodeSpans(bytes)),
  logs: (bytes) => inOneCall(decodeLogRecords(bytes)),
  metrics(bytes) {
    const batches = decodeMetrics(bytes);
    return { batches, items: batches.reduce((sum, batch) => sum + countDataPoints(batch), 0) };
  },
};
const MAX_TIMEOUT_MS = 600_000;

/**
 * Makes a sender of protobuf requests. Throws a `TypeError` or `RangeError` for wrong options, naming the value.
 *
 * An exporter is never called while it is busy with another call (specification of the tracing SDK, "Export(batch)"): further requests
 * wait. A metric exporter takes one resource a call: when a request has several and one of them fails, the rest is not begun and all
 * of it is to be sent again, so that the receiver gets twice what the exporter had taken already: harmless for cumulative values,
 * counted twice for deltas. The metric readers of the SDK make requests of one resource.
 *
 * Cost of a request: decoding, about 3 us a span with four attributes, in one go; and what the exporter takes.
 */
export function createWrappedSender<Signal extends OtlpSignal>(options: WrappedSenderOptions<Signal>): WrappedSender {
  const { signal, exporter, timeoutMs } = options;
  if (!Object.hasOwn(DECODERS, signal))
    throw new TypeError(`signal is ${String(signal)}, not traces, logs or metrics.`);
  if (typeof exporter?.export !== "function")
    throw new TypeError("exporter has no method export: it is no OpenTelemetry exporter.");
  if (!Number.isInteger(timeoutMs) || timeoutMs < 1 || timeoutMs > MAX_TIMEOUT_MS)
    throw new RangeError(`timeoutMs is ${String(timeoutMs)}, not a whole number from 1 to ${MAX_TIMEOUT_MS}.`);
  return new ExporterSender(DECODERS[signal], exporter as AnyExporter, timeoutMs, options.destination);
}

class ExporterSender implements WrappedSender {
  readonly destination: string;
  readonly #decode: (bytes: Uint8Array) => DecodedRequest;
  readonly #exporter: AnyExporter;
  readonly #timeoutMs: number;
  /** What ends the requests that wait or are with the exporter. */
  readonly #underWay = new Set<(outcome: SendOutcome) => void>();
  /** Settles when all requests so far have ended. */
  #before: Promise<unknown> = Promise.resolve();
  #isClosed = false;
  #shutdown: Promise<void> | undefined;

  constructor(
    decode: (bytes: Uint8Array) => DecodedRequest,
    exporter: AnyExporter,
    timeoutMs: number,
    destination: string | undefined,
  ) {
    this.#decode = decode;
    this.#exporter = exporter;
    this.#timeoutMs = timeoutMs;
    this.destination = destination ?? classNameOf(exporter);
  }

  send(request: OtlpRequest): Promise<SendOutcome> {
    if (this.#isClosed) return Promise.resolve(closed());
    const { promise, resolve } = Promise.withResolvers<SendOutcome>();
    const end = (outcome: SendOutcome): void => {
      clearTimeout(timer);
      this.#underWay.delete(end);
      resolve(outcome);
    };
    let timer = this.#limit(end);
    this.#underWay.add(end);
    const turn = this.#before;
    // After all before it, not only the last: that one may have given up waiting. When an exporter does not answer in time, the next
    // request goes to it all the same: it may have lost the one before.
    this.#before = turn.then(() => promise);
    const begin = (): Promise<SendOutcome> | undefined => {
      if (!this.#underWay.has(end)) return undefined;
      // The time that it waited is not taken from its own: begun and soon given up, it would arrive twice. (`timer.refresh()` comes too
      // late for a timer that is due in the same turn of the loop.)
      clearTimeout(timer);
      timer = this.#limit(end);
      return this.#export(request, () => this.#underWay.has(end));
    };
    void turn.then(begin).then((outcome) => outcome && end(outcome));
    return promise;
  }

  close(): void {
    this.#isClosed = true;
    for (const end of this.#underWay) end(closed());
  }

  shutdown(): Promise<void> {
    this.#shutdown ??= this.#shutDown();
    return this.#shutdown;
  }

  #limit(end: (outcome: SendOutcome) => void): NodeJS.Timeout {
    const timeoutMs = this.#timeoutMs;
    return setTimeout(() => end(outcomeOfDelay("TIMEOUT", `no result within ${timeoutMs} ms`)), timeoutMs).unref();
  }

  /** Never rejects. Of what nobody waits for any more, no further part is begun. */
  async #export(request: OtlpRequest, isAwaited: () => boolean): Promise<SendOutcome> {
    let decoded: DecodedRequest;
    try {
      if (request.format !== "protobuf") throw new TypeError("Requests of JSON cannot be read back.");
      decoded = this.#decode(request.bytes);
    } catch (error) {
      return { kind: "rejected", failure: { code: "UNREADABLE", message: (error as Error).message } };
    }
    for (const batch of decoded.batches) {
      // Closed, shut down or out of time: an answer would come too late.
      if (this.#isClosed || !isAwaited()) return closed();
      const outcome = await callExporter(this.#exporter, batch);
      if (outcome.kind !== "delivered") return outcome;
    }
    const missing = Math.max(0, request.items - decoded.items);
    return missing === 0
      ? { kind: "delivered", rejected: 0 }
      : { kind: "delivered", rejected: missing, message: "the SDK has no objects for some of the items" };
  }

  async #shutDown(): Promise<void> {
    // What the exporter is busy with may still get through, by its own shutdown; nothing new is begun.
    this.#isClosed = true;
    const { promise: over, resolve: giveUp } = Promise.withResolvers<void>();
    const timer = setTimeout(giveUp, this.#timeoutMs).unref();
    try {
      await Promise.race([untraced(() => this.#exporter.shutdown?.()), over]);
    } catch {
      // Nothing is lost by it: what was not delivered is with whoever sends.
    }
    clearTimeout(timer);
    // Results that came during the shutdown are read first.
    await nextTurn();
    this.close();
  }
}

function inOneCall(items: readonly unknown[]): DecodedRequest {
  return { batches: items.length === 0 ? [] : [items], items: items.length };
}

function closed(): SendOutcome {
  return outcomeOfDelay("CLOSED", "the sender was closed");
}

function classNameOf(exporter: AnyExporter): string {
  try {
    const { name } = exporter.constructor;
    return typeof name === "string" && name !== "" && name !== "Object" ? name : "exporter";
  } catch {
    return "exporter";
  }
}
