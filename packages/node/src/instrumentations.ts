// The instrumentations that join a flow's trace: http, fetch (undici), pg, pino. Loaded only when telemetry is on.
import type { IncomingMessage, RequestOptions, ServerResponse } from "node:http";
import type { Instrumentation } from "@opentelemetry/instrumentation";
import type { Redactor } from "@tracebook/core";
import type { HttpSizes } from "./http-sizes.ts";
import type { GuardedPropagator } from "./propagation.ts";

/** The names by which `TELEMETRY_INSTRUMENT` selects. */
export type InstrumentationName = "http" | "undici" | "pg" | "pino" | "host";

/** What the instrumentations are wired to. */
export interface InstrumentationWiring {
  readonly propagator: GuardedPropagator;
  readonly redactor: Redactor;
  readonly httpSizes: HttpSizes;
  /** Whether an incoming request is one of ours (a scrape of /metrics), not the host's. */
  readonly isOwnRequest: (request: IncomingMessage) => boolean;
  /** Prints one line for an optional package that is missing. */
  readonly warn: (line: string) => void;
}

/** Loads and configures the named instrumentations; a missing optional package is one line and no more. */
export async function loadInstrumentations(
  names: readonly InstrumentationName[],
  wiring: InstrumentationWiring,
): Promise<{ instrumentations: Instrumentation[]; loaded: InstrumentationName[] }> {
  const loaders: Partial<Record<InstrumentationName, () => Promise<Instrumentation>>> = {
    http: () => loadHttp(wiring),
    undici: () => loadUndici(wiring),
    pg: async () =>
      new (await import("@opentelemetry/instrumentation-pg")).PgInstrumentation({ requireParentSpan: true }),
    pino: async () => new (await import("@opentelemetry/instrumentation-pino")).PinoInstrumentation(),
  };
  const instrumentations: Instrumentation[] = [];
  const loaded: InstrumentationName[] = [];
  for (const name of names) {
    const load = loaders[name];
    if (load === undefined) continue;
    try {
      instrumentations.push(await load());
      loaded.push(name);
    } catch (error) {
      const missing = (error as NodeJS.ErrnoException).code === "ERR_MODULE_NOT_FOUND";
      wiring.warn(
        missing
          ? `${name} is not instrumented: install @opentelemetry/instrumentation-${name}, or leave it out of TELEMETRY_INSTRUMENT`
          : `${name} is not instrumented: ${(error as Error).message}`,
      );
    }
  }
  return { instrumentations, loaded };
}

async function loadHttp({ propagator, httpSizes, isOwnRequest }: InstrumentationWiring): Promise<Instrumentation> {
  const { HttpInstrumentation } = await import("@opentelemetry/instrumentation-http");
  return new HttpInstrumentation({
    ignoreIncomingRequestHook: isOwnRequest,
    startOutgoingSpanHook: (options) => {
      propagator.target(hostOf(options));
      return {};
    },
    responseHook: (span, response) => {
      if ("writableEnded" in response) httpSizes.observe(response as ServerResponse<IncomingMessage>, span);
    },
  });
}

async function loadUndici({ propagator }: InstrumentationWiring): Promise<Instrumentation> {
  const { UndiciInstrumentation } = await import("@opentelemetry/instrumentation-undici");
  return new UndiciInstrumentation({
    startSpanHook: (request) => {
      propagator.target(hostOfOrigin(request.origin));
      return {};
    },
  });
}

function hostOf(options: RequestOptions): string | undefined {
  const host = options.hostname ?? options.host ?? undefined;
  // A socket path is this machine.
  if (options.socketPath !== undefined && options.socketPath !== null) return "localhost";
  return host ?? "localhost";
}

function hostOfOrigin(origin: string): string | undefined {
  try {
    return new URL(origin).host;
  } catch {
    return undefined;
  }
}
