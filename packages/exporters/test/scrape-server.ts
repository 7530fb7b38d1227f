// An exposition behind a real HTTP server, and the ways to scrape it.
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import {
  createPrometheusExposition,
  type PrometheusExposition,
  type PrometheusExpositionOptions,
} from "../src/prometheus/prometheus-exposition.ts";

/** The header that asks for each format, as Prometheus sends it. */
export const ACCEPT = {
  text: "text/plain;version=0.0.4",
  openmetrics: "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5",
  protobuf: "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited,*/*;q=0.1",
} as const;

/** A running server. */
export interface ScrapeServer {
  readonly url: string;
  readonly port: number;
  readonly exposition: PrometheusExposition;
  /** All answers so far, as the server sees them. */
  readonly responses: readonly ServerResponse[];
  text(accept?: string): Promise<string>;
  bytes(accept: string): Promise<Buffer>;
  close(): Promise<void>;
}

/** Serves an exposition on a free port of the loopback interface. */
export async function startScrapeServer(options: PrometheusExpositionOptions): Promise<ScrapeServer> {
  const exposition = createPrometheusExposition(options);
  const responses: ServerResponse[] = [];
  const server = createServer((request, response) => {
    responses.push(response);
    exposition.handle(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/metrics`;
  const get = (accept: string) => fetch(url, { headers: { accept } });
  return {
    url,
    port,
    exposition,
    responses,
    text: async (accept = ACCEPT.text) => (await get(accept)).text(),
    bytes: async (accept) => Buffer.from(await (await get(accept)).arrayBuffer()),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
