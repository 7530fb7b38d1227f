// /metrics on a port of its own: a taken port is one line, never a crash.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";

/** A served endpoint. */
export interface PrometheusEndpoint {
  /** Where it answers, as a person would type it; undefined when the port could not be had. */
  readonly url: string | undefined;
  readonly port: number | undefined;
  /** Why the port could not be had; undefined when it could. */
  readonly problem: string | undefined;
  close(): Promise<void>;
}

/** Connections at a time: a few scrapers and those who look, never all the files that the host may open. */
const MAX_CONNECTIONS = 64;
const LIMITS = {
  maxHeaderSize: 16_384,
  /** To send a request; checked every two seconds, not every thirty. */
  headersTimeout: 5_000,
  requestTimeout: 10_000,
  connectionsCheckingInterval: 2_000,
};

/** Serves `handler` at `/metrics`; resolves when the port is bound or refused. The server never keeps the process alive. */
export function servePrometheus(
  host: string,
  port: number,
  handler: (request: IncomingMessage, response: ServerResponse) => void,
  onProblem: (line: string) => void,
): Promise<PrometheusEndpoint> {
  const server = createServer(LIMITS, (request, response) => {
    const path = (request.url ?? "").split("?", 1)[0];
    if (path !== "/metrics") return answer(response, 404, "Not here. Metrics are at /metrics.\n");
    handler(request, response);
  });
  server.maxConnections = MAX_CONNECTIONS;
  server.unref();
  // A scraper keeps its connection open between scrapes, and an accepted socket holds the process like a listening one.
  server.on("connection", (socket) => socket.unref());
  return new Promise((resolve) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const why = error.code === "EADDRINUSE" ? "the port is taken" : `${error.code ?? error.message}`;
      const problem = `cannot listen on ${host}:${port} (${why})`;
      onProblem(`/metrics is off: ${problem}; set TELEMETRY_PROMETHEUS_PORT to a free port`);
      resolve({ url: undefined, port: undefined, problem, close: () => Promise.resolve() });
    });
    server.listen(port, host, () => {
      server.on("error", () => {});
      const address = server.address();
      const bound = typeof address === "object" && address !== null ? address.port : port;
      const name = host.includes(":") ? `[${host}]` : host;
      const url = `http://${name}:${bound}/metrics`;
      resolve({ url, port: bound, problem: undefined, close: () => closeServer(server) });
    });
  });
}

function answer(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8", "x-content-type-options": "nosniff" });
  response.end(text);
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
