// Redis as an instrumentation: counts commands by type and status, counts connection errors, and gives each command a span.
import {
  context,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  type TracerProvider,
  trace,
} from "@opentelemetry/api";
import { isTracingSuppressed } from "@opentelemetry/core";
import type { Instrumentation, InstrumentationConfig } from "@opentelemetry/instrumentation";
import { listenToRedis, type RedisCommandMessage, type RedisListener } from "./redis-channels.ts";
import { countRedisConnectionError, countRedisOperation, toRedisType } from "./redis-counts.ts";

const NAME = "@tracebook/node/redis";

/**
 * Listens to the clients instead of patching them. Spans are for commands below another span only: a queue that is polled
 * outside of any flow is no trace. Neither keys nor values are looked at.
 */
export class RedisInstrumentation implements Instrumentation {
  readonly instrumentationName = NAME;
  readonly instrumentationVersion = "1";
  #config: InstrumentationConfig;
  #tracer: Tracer = trace.getTracer(NAME);
  #stop: (() => void) | undefined;

  constructor(config: InstrumentationConfig = {}) {
    this.#config = config;
    this.enable();
  }

  enable(): void {
    this.#stop ??= listenToRedis(createListener(() => this.#tracer));
  }

  disable(): void {
    this.#stop?.();
    this.#stop = undefined;
  }

  setTracerProvider(provider: TracerProvider): void {
    this.#tracer = provider.getTracer(NAME);
  }

  /** What is counted goes to Tracebook's own metrics. */
  setMeterProvider(): void {}

  setConfig(config: InstrumentationConfig): void {
    this.#config = config;
  }

  getConfig(): InstrumentationConfig {
    return this.#config;
  }
}

function createListener(tracer: () => Tracer): RedisListener {
  const spans = new WeakMap<object, Span>();
  return {
    commandStarted(message) {
      const span = startSpan(tracer(), message);
      if (span !== undefined) spans.set(message, span);
    },
    commandEnded(message, failed) {
      countRedisOperation(nameOf(message), failed);
      const span = spans.get(message);
      if (span === undefined) return;
      spans.delete(message);
      if (failed) span.setStatus({ code: SpanStatusCode.ERROR }).setAttribute("error.type", errorType(message.error));
      span.end();
    },
    connectionFailed: countRedisConnectionError,
  };
}

function startSpan(tracer: Tracer, message: RedisCommandMessage): Span | undefined {
  const active = context.active();
  if (trace.getSpan(active) === undefined || isTracingSuppressed(active)) return undefined;
  const { database, serverAddress: host, serverPort: port } = message;
  const name = toRedisType(nameOf(message)).toUpperCase();
  const attributes = {
    "db.system.name": "redis",
    "db.operation.name": name,
    ...(typeof database === "number" ? { "db.namespace": String(database) } : undefined),
    ...(typeof host === "string" ? { "server.address": host } : undefined),
    ...(typeof port === "number" ? { "server.port": port } : undefined),
  };
  return tracer.startSpan(name, { kind: SpanKind.CLIENT, attributes }, active);
}

function nameOf({ command, batchMode }: RedisCommandMessage): unknown {
  return command ?? batchMode;
}

/** The class of a reply such as `WRONGTYPE Operation against ...`, without its text, which may hold keys. */
function errorType(error: unknown): string {
  const { message, name } = (error ?? {}) as { message?: unknown; name?: unknown };
  const code = typeof message === "string" ? /^[A-Z]{3,20}(?= )/.exec(message)?.[0] : undefined;
  return code ?? (typeof name === "string" ? name.slice(0, 64) : "_OTHER");
}
