// Answers scrapes: our registry and OpenTelemetry's own metrics, in the format that the scraper likes best.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Attributes } from "@opentelemetry/api";
import type { CollectionResult } from "@opentelemetry/sdk-metrics";
import type { MetricRegistry } from "@tracebook/metrics";
import { CONTENT_TYPES, chooseFormat, type ExpositionFormat } from "./accept-header.ts";
import { type ExpositionProblem, planFamilies } from "./family-plan.ts";
import { createLabelNames, type LabelNames } from "./label-names.ts";
import type { MetricFamily } from "./metric-family.ts";
import { writeProtobuf } from "./protobuf-format.ts";
import { registryCandidates } from "./registry-families.ts";
import { type Scrape, type ScrapeBody, startScrape } from "./scrape.ts";
import { sdkCandidates } from "./sdk-families.ts";
import { writeText } from "./text-format.ts";
import { createTurns } from "./turns.ts";

/** Options of {@link createPrometheusExposition}. */
export interface PrometheusExpositionOptions {
  /** The metrics of Tracebook; they have the first right to a name. */
  readonly registry: Pick<MetricRegistry, "read">;
  /** OpenTelemetry's own metrics, cumulative: the `collect` of a reader. Without it there are none, and no `target_info`. */
  readonly collect?: (() => Promise<CollectionResult>) | undefined;
  /** Hears once of each metric that cannot be exposed as it is, and of each failure of `collect` by its message. */
  readonly onProblem?: ((problem: ExpositionProblem) => void) | undefined;
  /** A scrape that takes longer is cut, in milliseconds. Default 10000, Prometheus' own patience; 100 to 600000. */
  readonly deadlineMs?: number | undefined;
  /** Scrapes that may run at once; of more, the one whose reader has been standing still longest is cut. Default 8; 1 to 1000. */
  readonly maxScrapes?: number | undefined;
}

/** Answers scrapes. */
export interface PrometheusExposition {
  /**
   * Answers one request, whatever its path: GET with the metrics, HEAD with their headers, others with 405. Never throws; the
   * work is done in turns of a millisecond.
   */
  handle(request: IncomingMessage, response: ServerResponse): void;
  /** Cuts the scrapes that run, and answers no more. */
  close(): void;
}

/** All scrapes together take this much of one turn of the event loop, milliseconds. */
const TURN_MS = 1;
/** The longest that OpenTelemetry's part of a scrape is waited for, milliseconds. */
const COLLECT_MS = 2_000;
const TARGET_INFO = "target_info";
/** Problems that are remembered as told. */
const MAX_TOLD = 1_000;

/**
 * Makes an exposition; mount `handle` on any server of Node's.
 *
 * @throws RangeError for an option out of its range
 */
export function createPrometheusExposition(options: PrometheusExpositionOptions): PrometheusExposition {
  return new Exposition(options);
}

class Exposition implements PrometheusExposition {
  readonly #options: PrometheusExpositionOptions;
  readonly #deadlineMs: number;
  readonly #maxScrapes: number;
  readonly #names: LabelNames = createLabelNames();
  readonly #turns = createTurns(TURN_MS);
  readonly #scrapes = new Set<Scrape>();
  readonly #told = new Set<string>();
  #collecting: Promise<CollectionResult | undefined> | undefined;
  #isClosed = false;

  constructor(options: PrometheusExpositionOptions) {
    this.#options = Object.freeze({ ...options });
    this.#deadlineMs = numberOption("deadlineMs", options.deadlineMs, 10_000, 100, 600_000);
    this.#maxScrapes = numberOption("maxScrapes", options.maxScrapes, 8, 1, 1_000);
  }

  handle(request: IncomingMessage, response: ServerResponse): void {
    try {
      this.#answer(request, response);
    } catch {
      response.destroy();
    }
  }

  close(): void {
    this.#isClosed = true;
    for (const scrape of this.#scrapes) scrape.cut();
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    if (request.method !== "GET" && request.method !== "HEAD")
      return refuse(response, 405, "GET only.", { allow: "GET, HEAD" });
    if (this.#isClosed) return refuse(response, 503, "Telemetry has been shut down.");
    const format = chooseFormat(request.headers.accept);
    if (request.method === "HEAD") {
      response.writeHead(200, { "content-type": CONTENT_TYPES[format] });
      response.end();
      return;
    }
    if (!this.#hasRoom()) return refuse(response, 503, "Too many scrapes at once.", { "retry-after": "1" });
    this.#scrape(format, response);
  }

  /** Makes room by cutting whoever does not read; false when all of them do. */
  #hasRoom(): boolean {
    if (this.#scrapes.size < this.#maxScrapes) return true;
    let slowest: Scrape | undefined;
    for (const scrape of this.#scrapes) {
      if (scrape.stalledSinceMs === undefined) continue;
      if (slowest?.stalledSinceMs === undefined || scrape.stalledSinceMs < slowest.stalledSinceMs) slowest = scrape;
    }
    slowest?.cut();
    return slowest !== undefined;
  }

  #scrape(format: ExpositionFormat, response: ServerResponse): void {
    const body = this.#collectOnce().then((collected) => this.#write(format, collected));
    const contentType = CONTENT_TYPES[format];
    const parts = { response, contentType, body, turns: this.#turns, deadlineMs: this.#deadlineMs };
    const scrape = startScrape(parts, () => this.#scrapes.delete(scrape));
    this.#scrapes.add(scrape);
  }

  #write(format: ExpositionFormat, collected: CollectionResult | undefined): ScrapeBody {
    const readings = this.#options.registry.read({
      exemplars: format !== "text",
      histogramAggregation: format === "protobuf" ? "base2_exponential_bucket_histogram" : undefined,
    });
    const { resource, scopeMetrics = [] } = collected?.resourceMetrics ?? {};
    const candidates = [...registryCandidates(readings, this.#names), ...sdkCandidates(scopeMetrics, this.#names)];
    const reserved = resource === undefined ? [] : [TARGET_INFO];
    const planned = planFamilies(candidates, reserved, (problem) => this.#tell(problem.metric, problem));
    const families = resource === undefined ? planned : [targetInfo(resource.attributes, this.#names), ...planned];
    return format === "protobuf" ? writeProtobuf(families) : writeText(families, format === "openmetrics");
  }

  /** Scrapes that come while a collection runs share it. Never rejects: without OpenTelemetry's metrics there are still ours. */
  #collectOnce(): Promise<CollectionResult | undefined> {
    this.#collecting ??= this.#collect().finally(() => {
      this.#collecting = undefined;
    });
    return this.#collecting;
  }

  async #collect(): Promise<CollectionResult | undefined> {
    const { collect } = this.#options;
    if (collect === undefined) return undefined;
    try {
      const result = await within(COLLECT_MS, collect());
      for (const error of result.errors) this.#collectFailed(error);
      return result;
    } catch (error) {
      this.#collectFailed(error);
      return undefined;
    }
  }

  #collectFailed(error: unknown): void {
    const reason = describe(error);
    const message = `metrics of OpenTelemetry are missing from /metrics: ${reason}`;
    this.#tell(reason, { code: "collect_failed", metric: "", message });
  }

  #tell(key: string, problem: ExpositionProblem): void {
    const told = `${problem.code} ${key}`;
    if (this.#told.has(told) || this.#told.size >= MAX_TOLD) return;
    this.#told.add(told);
    try {
      this.#options.onProblem?.(problem);
    } catch {
      // A listener that throws has been told all the same.
    }
  }
}

/** The attributes of the resource as one series that is always 1, as OpenTelemetry's exporter has it. */
function targetInfo(attributes: Attributes, names: LabelNames): MetricFamily {
  const labels = names.labels(attributes, false);
  return {
    name: TARGET_INFO,
    type: "gauge",
    isOpenMetricsCounter: false,
    help: "Target metadata",
    unit: "",
    size: 1,
    pointAt: () => ({ labels, value: 1 }),
  };
}

function refuse(response: ServerResponse, status: number, text: string, headers: Record<string, string> = {}): void {
  const plain = { "content-type": "text/plain; charset=utf-8", "x-content-type-options": "nosniff" };
  response.writeHead(status, { ...plain, ...headers });
  response.end(`${text}\n`);
}

/** Waits no longer than `ms` milliseconds: a callback of the host's that never comes back must not hold a scrape. */
async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not collected within ${ms} ms`)), ms).unref();
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function describe(error: unknown): string {
  try {
    return String(error instanceof Error ? error.message : error).slice(0, 200);
  } catch {
    return "an error without words";
  }
}

function numberOption(name: string, value: number | undefined, fallback: number, min: number, max: number): number {
  if (value === undefined) return fallback;
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new RangeError(`${name} is ${String(value)}, not a whole number from ${min} to ${max}`);
}
