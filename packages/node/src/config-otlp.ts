// Works out where each signal goes over OTLP, from what is set for all and what is set for one.
import type { OtlpProtocol } from "./config-options.ts";
import { type OtlpHeaders, signalUrl } from "./config-otlp-parsers.ts";
import type { Found } from "./config-reader.ts";
import type { Signal, SignalSettings } from "./config-table-otlp.ts";

/** Where one signal goes, and how. */
export interface OtlpTarget {
  /** The full URL, with path: `http://127.0.0.1:4318/v1/traces`. Mask it wherever it is shown (`maskUrl`). */
  readonly url: string;
  /** Secret: never print them. */
  readonly headers: OtlpHeaders;
  readonly protocol: OtlpProtocol;
  readonly timeoutMs: number;
  readonly compression: "none" | "gzip";
}

/** The OTLP destinations; a signal without one does not leave over OTLP. */
export type OtlpConfig = Readonly<Record<Signal, OtlpTarget | undefined>>;

/** What was found of one signal's own, by the part. */
export type SignalParts = {
  readonly [Part in keyof SignalSettings]: SignalSettings[Part] extends { readonly fallback: infer Value }
    ? Found<Value>
    : never;
};

/** What was found for all signals. */
export interface SharedParts {
  readonly endpoint: Found<string | undefined>;
  readonly headers: Found<OtlpHeaders>;
  readonly protocol: Found<OtlpProtocol>;
  readonly timeoutMs: Found<number>;
  readonly compression: Found<"none" | "gzip">;
}

/** What was found for one signal. */
export interface SignalFindings {
  readonly signal: Signal;
  readonly endpoint: Found<string | undefined>;
  readonly exporters: Found<readonly string[] | undefined>;
  readonly own: SignalParts;
}

/** A target with the source of each part; `target` undefined when the signal does not leave. */
export interface ResolvedTarget {
  readonly target: OtlpTarget | undefined;
  readonly sources: Readonly<Record<keyof SignalSettings | "endpoint", string>>;
}

/** The OTLP specification's default, taken only where an exporter variable asks for OTLP. */
const STANDARD_ENDPOINT = "http://localhost:4318";

/** Puts a target together. */
export function resolveTarget(
  shared: SharedParts,
  { signal, endpoint, exporters, own }: SignalFindings,
): ResolvedTarget {
  const headers = pick(own.headers, shared.headers);
  const protocol = pick(own.protocol, shared.protocol);
  const timeoutMs = pick(own.timeoutMs, shared.timeoutMs);
  const compression = pick(own.compression, shared.compression);
  const url = findUrl(shared.endpoint, signal, endpoint, exporters);
  const settled = { protocol: protocol.value, timeoutMs: timeoutMs.value, compression: compression.value };
  return {
    target: url.value === undefined ? undefined : Object.freeze({ url: url.value, headers: headers.value, ...settled }),
    sources: {
      endpoint: url.source,
      headers: headers.source,
      protocol: protocol.source,
      timeoutMs: timeoutMs.source,
      compression: compression.source,
    },
  };
}

function findUrl(
  shared: Found<string | undefined>,
  signal: Signal,
  own: Found<string | undefined>,
  exporters: Found<readonly string[] | undefined>,
): Found<string | undefined> {
  const wanted = exporters.value?.includes("otlp");
  if (wanted === false) return { value: undefined, source: exporters.source };
  if (own.value !== undefined && rankOf(own.source) >= rankOf(shared.source)) return own;
  if (shared.value === "none") return { value: undefined, source: shared.source };
  if (shared.value !== undefined) return { value: signalUrl(shared.value, signal), source: shared.source };
  return { value: wanted === true ? signalUrl(STANDARD_ENDPOINT, signal) : undefined, source: "default" };
}

/** Code before `TELEMETRY_*` before `OTEL_*`; within a rank, what is set for one signal before what is set for all. */
function pick<T>(own: Found<T | undefined>, shared: Found<T>): Found<T> {
  if (own.value === undefined || rankOf(own.source) < rankOf(shared.source)) return shared;
  return { value: own.value, source: own.source };
}

function rankOf(source: string): number {
  if (source === "option") return 3;
  if (source === "default") return 0;
  return source.startsWith("OTEL_") ? 1 : 2;
}
