// The answer to a scrape where there are no metrics to give.
import type { ServerResponse } from "node:http";

/** Answers 503, so that a server that scrapes shows the target as down and why. Never throws. */
export function refuseScrape(response: ServerResponse): void {
  try {
    response.writeHead(503, { "content-type": "text/plain; charset=utf-8" });
    response.end("Metrics are off: set TELEMETRY_ENABLED=true (and not BOT_METRICS_ENABLED=false).\n");
  } catch {
    // The host has answered already.
    response.destroy();
  }
}
