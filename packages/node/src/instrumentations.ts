// The instrumentations that join a flow's trace: http, fetch (undici), pg, redis, pino. Loaded only when telemetry is on.
import type { IncomingMessage, RequestOptions, ServerResponse } from "node:http";
import { context } from "@opentelemetry/api";
import { getRPCMetadata, isTracingSuppressed } from "@opentelemetry/core";
import type { Instrumentation } from "@opentelemetry/instrumentation";
import type { HttpInstrumentationConfig } from "@opentelemetry/instrumentation-http";
import type { UndiciInstrumentationConfig } from "@opentelemetry/instrumentation-undici";
import type { Redactor } from "@tracebook/core";
import { tracebookSlot } from "@tracebook/core/extension";
import type { HttpSizes } from "./http-sizes.ts";
import type { GuardedPropagator } from "./propagation.ts";
import { onRequestRoute } from "./request-route.ts";

/** The names by which `TELEMETRY_INSTRUMENT` selects. */
export type InstrumentationName = "http" | "undici" | "pg" | "redis" | "pino" | "host";

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

/** What is loaded, and the end of it. */
export interface LoadedInstrumentations {
  readonly instrumentations: Instrumentation[];
  readonly loaded: InstrumentationName[];
  /** Takes the patches off again. */
  disable(): void;
}

/** How one instrumentation is made. */
interface Loader {
  /** The name that selects it; default: its own. */
  readonly name?: InstrumentationName;
  readonly config: object;
  readonly load: () => Promise<new (config: object) => Instrumentation>;
}

/** Instrumentations live as long as the process: what was patched once is only seen by the instance that patched it. */
const SHARED_KEY = "node.instrumentations";

/** Loads and configures the named instrumentations; a missing optional package is one line and no more. */
export async function loadInstrumentations(
  names: readonly InstrumentationName[],
  wiring: InstrumentationWiring,
): Promise<LoadedInstrumentations> {
  const { shared } = tracebookSlot();
  const known = (shared.get(SHARED_KEY) as Map<string, Instrumentation> | undefined) ?? new Map();
  shared.set(SHARED_KEY, known);
  const instrumentations: Instrumentation[] = [];
  const loaded: InstrumentationName[] = [];
  for (const [key, { name = key, config, load }] of loadersOf(wiring)) {
    if (!names.includes(name as InstrumentationName)) continue;
    try {
      const before = known.get(key);
      before?.setConfig(config);
      before?.enable();
      const instrumentation = before ?? new (await load())(config);
      known.set(key, instrumentation);
      instrumentations.push(instrumentation);
      if (name === key) loaded.push(name as InstrumentationName);
    } catch (error) {
      wiring.warn(whyNot(name, error));
    }
  }
  // What a host says of a request's route goes where the HTTP instrumentation looks for it.
  onRequestRoute((route) => {
    const metadata = getRPCMetadata(context.active());
    if (metadata !== undefined) metadata.route = route;
  });
  return {
    instrumentations,
    loaded,
    disable() {
      // The last patch comes off first: two of them are on the same method of pg.
      for (const instrumentation of instrumentations.toReversed()) instrumentation.disable();
      onRequestRoute(undefined);
    },
  };
}

function whyNot(name: string, error: unknown): string {
  const missing = (error as NodeJS.ErrnoException).code === "ERR_MODULE_NOT_FOUND";
  return missing
    ? `${name} is not instrumented: install @opentelemetry/instrumentation-${name}, or leave it out of TELEMETRY_INSTRUMENT`
    : `${name} is not instrumented: ${(error as Error).message}`;
}

function loadersOf(wiring: InstrumentationWiring): [string, Loader][] {
  const loaders: Record<string, Loader> = {
    http: {
      config: httpConfig(wiring),
      load: async () => (await import("@opentelemetry/instrumentation-http")).HttpInstrumentation,
    },
    undici: {
      config: undiciConfig(wiring),
      load: async () => (await import("@opentelemetry/instrumentation-undici")).UndiciInstrumentation,
    },
    pg: {
      config: { requireParentSpan: true },
      load: async () => (await import("@opentelemetry/instrumentation-pg")).PgInstrumentation,
    },
    // After the one for spans: patches are taken off in the opposite order.
    "pg-metrics": {
      name: "pg",
      config: {},
      load: async () => (await import("./database-metrics.ts")).DatabaseMetrics,
    },
    redis: {
      config: {},
      load: async () => (await import("./redis-instrumentation.ts")).RedisInstrumentation,
    },
    pino: {
      config: {},
      load: async () => (await import("@opentelemetry/instrumentation-pino")).PinoInstrumentation,
    },
  };
  return Object.entries(loaders);
}

function httpConfig({ propagator, httpSizes, isOwnRequest }: InstrumentationWiring): HttpInstrumentationConfig {
  return {
    ignoreIncomingRequestHook: isOwnRequest,
    // Our own exports: not to be traced anyway, and this is cheaper than a span that records nothing.
    ignoreOutgoingRequestHook: () => isTracingSuppressed(context.active()),
    startOutgoingSpanHook: (options) => {
      propagator.target(hostOf(options));
      return {};
    },
    responseHook: (span, response) => {
      if ("writableEnded" in response) httpSizes.observe(response as ServerResponse<IncomingMessage>, span);
    },
  };
}

function undiciConfig({ propagator }: InstrumentationWiring): UndiciInstrumentationConfig {
  return {
    startSpanHook: (request) => {
      propagator.target(hostOfOrigin(request.origin));
      return {};
    },
  };
}

/** Where a request goes, with its port: decided before any name is resolved. */
function hostOf(options: RequestOptions): string | undefined {
  // A socket path is this machine.
  if (options.socketPath !== undefined && options.socketPath !== null) return "localhost";
  // A whole URL as the path is a request through a proxy: the proxy is not where it ends.
  const path = options.path ?? "";
  if (/^[a-z]+:\/\//i.test(path)) return hostOfOrigin(path);
  // As node:http does it: empty counts as not given.
  const name = options.hostname || options.host || "localhost";
  const port = options.port ?? options.defaultPort;
  if (port === undefined || port === null || port === "") return name;
  return name.includes(":") && !name.startsWith("[") ? `[${name}]:${port}` : `${name}:${port}`;
}

function hostOfOrigin(origin: string): string | undefined {
  if (!URL.canParse(origin)) return undefined;
  const { hostname, port, protocol } = new URL(origin);
  return `${hostname}:${port || (protocol === "https:" ? "443" : "80")}`;
}
