// The stock SDK's metrics behind a scrape of its own, with the API's global meter provider set to it.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { metrics as metricsApi } from "@opentelemetry/api";
import { PrometheusExporter } from "@opentelemetry/exporter-prometheus";
import { MeterProvider } from "@opentelemetry/sdk-metrics";

/** Starts it; the URL of its scrape. It never ends by itself. */
export async function startStockMetrics(): Promise<string> {
  const exporter = new PrometheusExporter({ preventServerStart: true });
  metricsApi.setGlobalMeterProvider(new MeterProvider({ readers: [exporter] }));
  const server = createServer((request, response) => exporter.getMetricsRequestHandler(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`;
}
