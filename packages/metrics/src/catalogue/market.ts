// Metrics of market data and of the connections it comes through.
import { LAG_BOUNDS } from "../histogram-bounds.ts";
import type { CatalogueEntry } from "./entry.ts";

/** Market data. */
export const MARKET_METRICS = {
  marketDataUpdates: {
    name: "market_data_updates_total",
    kind: "counter",
    unit: "{update}",
    labels: ["symbol", "source"],
    help: "Market data updates by symbol and source.",
    feature: 23,
  },
  marketDataLag: {
    name: "market_data_lag_seconds",
    kind: "histogram",
    unit: "s",
    labels: ["source"],
    help: "Time from the venue's event to its receipt here; only where the venue gives a time and it is not ahead of ours.",
    bounds: LAG_BOUNDS,
    feature: 23,
  },
  marketDataNegativeLag: {
    name: "market_data_negative_lag_total",
    kind: "counter",
    unit: "{update}",
    labels: ["symbol", "source"],
    help: "Updates whose event time was ahead of the local clock: one of the two clocks is wrong.",
    feature: 23,
  },
  marketDataLastLag: {
    name: "market_data_last_lag_seconds",
    kind: "gauge",
    unit: "s",
    labels: ["symbol", "source"],
    help: "Lag of the latest update, raw: negative when the venue's clock is ahead of the local one.",
    feature: 23,
  },
  marketDataInvalidFrames: {
    name: "market_data_invalid_frames_total",
    kind: "counter",
    unit: "{frame}",
    labels: ["source"],
    help: "Frames of market data that could not be read.",
    feature: 23,
  },
  marketDataResyncs: {
    name: "market_data_resyncs_total",
    kind: "counter",
    unit: "{resync}",
    labels: ["symbol", "source"],
    help: "Order books that were rebuilt from a snapshot after a gap.",
    feature: 23,
  },
  websocketConnections: {
    name: "websocket_connections_active",
    kind: "gauge",
    unit: "{connection}",
    labels: ["endpoint"],
    help: "Open WebSocket connections by endpoint.",
    feature: 23,
  },
} as const satisfies Record<string, CatalogueEntry>;
