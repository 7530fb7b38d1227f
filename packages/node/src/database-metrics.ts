// Counts the queries of `pg` by operation, table and status, and times them: also those outside any trace, which get no span.
import { errorMonitor } from "node:events";
import {
  InstrumentationBase,
  type InstrumentationConfig,
  InstrumentationNodeModuleDefinition,
} from "@opentelemetry/instrumentation";
import { sharedTradingMetrics } from "@tracebook/metrics";
import { createSqlReader } from "./sql-shape.ts";

/** Called once when a query has ended. */
type Settle = (status: "success" | "error") => void;
type Query = (this: unknown, ...args: unknown[]) => unknown;
interface Emitter {
  once(event: string | symbol, listener: () => void): unknown;
}

/**
 * Measures `Client.prototype.query` of pg 8, which pools use too. What the host gets back is what pg returned.
 *
 * It lies on top of the instrumentation that makes spans, and is taken off first: whoever patches the method below finds it
 * marked as a patch, as that instrumentation's own are.
 */
export class DatabaseMetrics extends InstrumentationBase<InstrumentationConfig> {
  constructor(config: InstrumentationConfig = {}) {
    super("@tracebook/node/database-metrics", "1", config);
  }

  protected override init(): InstrumentationNodeModuleDefinition {
    return new InstrumentationNodeModuleDefinition(
      "pg",
      [">=8.0.3 <9"],
      (module: unknown) => {
        const prototype = prototypeOf(module);
        patch(prototype);
        // Once more when all hooks are through: the other instrumentation may come after this one, and patches from below anew.
        queueMicrotask(() => {
          if (this._enabled) patch(prototype);
        });
        return module;
      },
      (module: unknown) => unpatch(prototypeOf(module)),
    );
  }
}

/** `Client.prototype` of the module as it is required or as it is imported. */
function prototypeOf(module: unknown): { query: Query } {
  type Exports = { readonly Client?: { readonly prototype: { query: Query } }; readonly default: Exports };
  const { Client, default: inner } = module as Exports;
  return (Client ?? (inner.Client as NonNullable<Exports["Client"]>)).prototype;
}

/** A patched method, marked the way all patches of OpenTelemetry are. */
interface PatchedQuery extends Query {
  readonly __wrapped?: boolean;
  readonly __original?: PatchedQuery;
  readonly __unwrap?: () => void;
}

const patches = new WeakSet<PatchedQuery>();

function patch(prototype: { query: PatchedQuery }): void {
  const original = prototype.query;
  for (let at: PatchedQuery | undefined = original; at !== undefined; at = at.__original) if (patches.has(at)) return;
  const marks = { __wrapped: true, __original: original, __unwrap: () => unpatch(prototype) };
  const query: PatchedQuery = Object.assign(measured(original), marks);
  patches.add(query);
  prototype.query = query;
}

function unpatch(prototype: { query: PatchedQuery }): void {
  const { query } = prototype;
  if (patches.has(query) && query.__original !== undefined) prototype.query = query.__original;
}

function measured(original: Query): Query {
  const begin = createMeter();
  return function query(this: unknown, ...args: unknown[]): unknown {
    const settle = begin(args[0]);
    if (settle === undefined) return original.apply(this, args);
    const isHeard = hearCallback(args, settle);
    let result: unknown;
    try {
      result = original.apply(this, args);
    } catch (error) {
      settle("error");
      throw error;
    }
    if (!isHeard) hearResult(result, settle);
    return result;
  };
}

/** Starts the clock for a query; undefined for what has no text to count by. Never throws. */
function createMeter(): (query: unknown) => Settle | undefined {
  const read = createSqlReader();
  const { databaseQueries, databaseQueryDuration } = sharedTradingMetrics();
  return (query) => {
    try {
      const text =
        typeof query === "string" ? query : ((query as { text?: unknown } | null)?.text ?? cursorText(query));
      if (typeof text !== "string") return undefined;
      const { operation, table } = read(text);
      const startedMs = performance.now();
      let isOpen = true;
      return (status) => {
        if (!isOpen) return;
        isOpen = false;
        databaseQueries.add(1, { operation, table, status });
        databaseQueryDuration.record((performance.now() - startedMs) / 1e3, { operation, table });
      };
    } catch {
      // A getter of the host's threw: it will throw again where the host can see it.
      return undefined;
    }
  };
}

/** pg-cursor and pg-query-stream hand in an object that holds its text one level down. */
function cursorText(query: unknown): unknown {
  const { cursor } = (query ?? {}) as { cursor?: { text?: unknown } };
  return typeof cursor === "object" && cursor !== null ? cursor.text : undefined;
}

/** Hears the end through a callback, where the host gave one: a field of the query, or the last argument. */
function hearCallback(args: unknown[], settle: Settle): boolean {
  const listening = (callback: Query, heard?: () => void): Query =>
    function (this: unknown, error: unknown, ...rest: unknown[]): unknown {
      settle(error ? "error" : "success");
      heard?.();
      return callback.call(this, error, ...rest);
    };
  const config = args[0] as { callback?: unknown; submit?: unknown };
  // A query with a life of its own hears by its own callback before any other: pg leaves the argument aside.
  if (typeof config?.callback === "function" && typeof config.submit === "function")
    return hearOwnCallback(config as { callback: Query }, listening);
  const last = args.length - 1;
  const callback = args[last];
  if (last > 0 && typeof callback === "function") {
    args[last] = listening(callback as Query);
    return true;
  }
  if (typeof config?.callback !== "function") return false;
  // A copy: the host may use its object again.
  args[0] = { ...config, callback: listening(config.callback as Query) };
  return true;
}

/** In place, since a copy would not be the query that the host holds; as it was again when it has been called. */
function hearOwnCallback(
  query: { callback: Query },
  listening: (callback: Query, heard: () => void) => Query,
): boolean {
  const { callback } = query;
  const heard = listening(callback, () => {
    // Unless pg has put a callback of its own around this one.
    if (query.callback === heard) query.callback = callback;
  });
  try {
    query.callback = heard;
    return true;
  } catch {
    // Frozen: what it emits is left.
    return false;
  }
}

/** Hears the end of what pg returned: a promise, or a query that tells its end as an event. */
function hearResult(result: unknown, settle: Settle): void {
  if (typeof (result as PromiseLike<unknown> | undefined)?.then === "function") {
    (result as PromiseLike<unknown>).then(
      () => settle("success"),
      () => settle("error"),
    );
    return;
  }
  if (typeof (result as Emitter | undefined)?.once !== "function") return;
  // The monitor hears of an error without being its handler: an error that nobody handles stays one.
  (result as Emitter).once(errorMonitor, () => settle("error"));
  (result as Emitter).once("end", () => settle("success"));
}
