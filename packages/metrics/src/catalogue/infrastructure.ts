// Metrics of what a trading service stands on: caches, databases, HTTP, its machine.
import { REQUEST_BOUNDS, SIZE_BOUNDS } from "../histogram-bounds.ts";
import type { CatalogueEntry } from "./entry.ts";

const HTTP_LABELS = ["http.request.method", "http.route", "http.response.status_code"] as const;

/** Caches, databases, HTTP and the machine. */
export const INFRASTRUCTURE_METRICS = {
  redisOperations: {
    name: "redis_operations_total",
    kind: "counter",
    unit: "{operation}",
    labels: ["type", "status"],
    help: "Redis operations by type and status (success, error).",
    feature: 24,
  },
  redisConnectionErrors: {
    name: "redis_connection_errors_total",
    kind: "counter",
    unit: "{error}",
    labels: [],
    help: "Failed or lost connections to Redis.",
    feature: 24,
  },
  databaseQueries: {
    name: "database_queries_total",
    kind: "counter",
    unit: "{query}",
    labels: ["operation", "table", "status"],
    help: "Database queries by operation, table and status.",
    feature: 24,
  },
  databaseQueryDuration: {
    name: "database_query_duration_seconds",
    kind: "histogram",
    unit: "s",
    labels: ["operation", "table"],
    help: "Duration of database queries.",
    bounds: REQUEST_BOUNDS,
    feature: 24,
  },
  httpRequestDuration: {
    name: "http.server.request.duration",
    kind: "histogram",
    unit: "s",
    labels: HTTP_LABELS,
    help: "Duration of HTTP requests served.",
    bounds: REQUEST_BOUNDS,
    feature: 25,
    recordedBy: "instrumentation",
  },
  httpRequestSize: {
    name: "http.server.request.body.size",
    kind: "histogram",
    unit: "By",
    labels: HTTP_LABELS,
    help: "Size of the bodies of HTTP requests served.",
    bounds: SIZE_BOUNDS,
    feature: 25,
  },
  httpResponseSize: {
    name: "http.server.response.body.size",
    kind: "histogram",
    unit: "By",
    labels: HTTP_LABELS,
    help: "Size of the bodies of HTTP responses sent.",
    bounds: SIZE_BOUNDS,
    feature: 25,
  },
  cpuUsage: {
    name: "cpu_usage",
    kind: "gauge",
    unit: "%",
    labels: [],
    help: "Share of the machine's processor time in use, 0 to 100.",
    feature: 32,
  },
  memoryUsage: {
    name: "memory_usage",
    kind: "gauge",
    unit: "%",
    labels: [],
    help: "Share of the machine's memory in use, 0 to 100.",
    feature: 32,
  },
  diskUsage: {
    name: "disk_usage",
    kind: "gauge",
    unit: "%",
    labels: ["mountpoint"],
    help: "Share of a file system in use, 0 to 100.",
    feature: 32,
  },
} as const satisfies Record<string, CatalogueEntry>;
