// The options of the durable exporters, checked once.
import { validateHeaderName, validateHeaderValue } from "node:http";
import type { MeterProvider } from "@opentelemetry/api";

/** What a durable exporter is told once. */
export interface DurableExporterOptions<Exporter> {
  /** Any OpenTelemetry exporter, which then delivers; without one, requests go over HTTP to `url`. */
  readonly exporter?: Exporter | undefined;
  /** Where OTLP goes, with path: `http://127.0.0.1:4318/v1/traces`. */
  readonly url?: string | undefined;
  /** Headers of every request to `url`, such as a token. Never shown. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** How bodies for `url` are written. Default `http/protobuf`. */
  readonly protocol?: "http/protobuf" | "http/json" | undefined;
  /** Default `none`. */
  readonly compression?: "none" | "gzip" | undefined;
  /** Milliseconds that one export may take. 1 to 600,000, default 10,000. */
  readonly timeoutMs?: number | undefined;
  /**
   * The folder in which requests wait while the receiver is away, for this service and signal alone; made when it is needed.
   * Undefined: they wait in memory, and what does not fit is dropped and counted.
   */
  readonly spoolDir?: string | undefined;
  /** Bytes of that folder. At least 1 MiB, default 256 MiB; beyond it the oldest requests go. */
  readonly spoolMaxBytes?: number | undefined;
  /** Requests that are older are let go. Milliseconds, default 72 hours. */
  readonly spoolMaxAgeMs?: number | undefined;
  /** Items (spans, log records, data points) that may wait in memory. Default 65,536. */
  readonly maxQueueItems?: number | undefined;
  /** Bytes that may wait in memory. At least 64 KiB, default 16 MiB. */
  readonly maxQueueBytes?: number | undefined;
  /** Hears a line about every kind of trouble, at most once a minute each. Default: a warning of OpenTelemetry's `diag`. */
  readonly onProblem?: ((line: string) => void) | undefined;
  /** Where the exporter's own metrics are kept: what it accepted, delivered, spooled and dropped. Default: nowhere. */
  readonly meterProvider?: MeterProvider | undefined;
}

const MIB = 1_048_576;
const HOUR_MS = 3_600_000;

/** Complete options; throws a `TypeError` or `RangeError` that names the option, its value and the good range. */
export function checkDurableOptions(options: DurableExporterOptions<object>) {
  const { exporter, url, protocol = "http/protobuf", compression = "none", headers = {}, spoolDir } = options;
  if ((exporter === undefined) === (url === undefined))
    throw new TypeError(
      "A durable exporter is given either exporter, which delivers, or url, the OTLP address with its path.",
    );
  if (exporter !== undefined && typeof (exporter as { export?: unknown }).export !== "function")
    throw new TypeError("exporter has no method export: it is no OpenTelemetry exporter.");
  // The address may hold a password: it is not shown.
  if (url !== undefined && (typeof url !== "string" || !/^https?:\/\/./i.test(url) || !URL.canParse(url)))
    throw new TypeError("url must be an http:// or https:// URL, with the path of the signal.");
  for (const [name, value] of Object.entries(headers)) checkHeader(name, value);
  if (protocol !== "http/protobuf" && protocol !== "http/json")
    throw new TypeError(`protocol is ${JSON.stringify(protocol)}, not http/protobuf or http/json.`);
  if (compression !== "none" && compression !== "gzip")
    throw new TypeError(`compression is ${JSON.stringify(compression)}, not none or gzip.`);
  if (spoolDir !== undefined && (typeof spoolDir !== "string" || spoolDir === ""))
    throw new TypeError("spoolDir must be the path of a folder.");
  return Object.freeze({
    exporter,
    url,
    protocol,
    compression,
    headers,
    timeoutMs: wholeNumber("timeoutMs", options.timeoutMs, 10_000, 1, 600_000),
    maxQueueItems: wholeNumber("maxQueueItems", options.maxQueueItems, 65_536, 1, 100_000_000),
    maxQueueBytes: wholeNumber("maxQueueBytes", options.maxQueueBytes, 16 * MIB, 65_536, 4_096 * MIB),
    spool:
      spoolDir === undefined
        ? undefined
        : {
            dir: spoolDir,
            maxBytes: wholeNumber("spoolMaxBytes", options.spoolMaxBytes, 256 * MIB, MIB, Number.MAX_SAFE_INTEGER),
            maxAgeMs: wholeNumber("spoolMaxAgeMs", options.spoolMaxAgeMs, 72 * HOUR_MS, 1_000, 8_760 * HOUR_MS),
          },
    onProblem: options.onProblem,
    meterProvider: options.meterProvider,
  });
}

function wholeNumber(name: string, value: number | undefined, fallback: number, min: number, max: number): number {
  if (value === undefined) return fallback;
  if (!Number.isInteger(value) || value < min || value > max)
    throw new RangeError(`${name} is ${String(value)}, not a whole number from ${min} to ${max}.`);
  return value;
}

/** What Node.js would refuse with every request. */
function checkHeader(name: string, value: unknown): void {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value as string);
  } catch {
    throw new TypeError(`headers has ${JSON.stringify(name)}, whose name or value cannot be sent in an HTTP request.`);
  }
}
