// /metrics on a port of its own: a taken port is one line, never a crash.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";

/** A served endpoint. */
export interface PrometheusEndpoint {
  /** Where it answers, as a person would type it; undefined when the port could not be had. */
  readonly url: string | undefined;
  readonly port: number | undefined;
  close(): Promise<void>;
}

/** Serves `handler` at `/metrics`; resolves when the port is bound or refused. The server never keeps the process alive. */
export function servePrometheus(
  host: string,
  port: number,
  handler: (request: IncomingMessage, response: ServerResponse) => void,
  onProblem: (line: string) => void,
): Promise<PrometheusEndpoint> {
  const server = createServer({ maxHeaderSize: 16_384, requestTimeout: 10_000 }, (request, response) => {
    const path = (request.url ?? "").split("?", 1)[0];
    if (path !== "/metrics") return answer(response, 404, "Not here. Metrics are at /metrics.\n");
    if (request.method !== "GET" && request.method !== "HEAD") return answer(response, 405, "GET only.\n");
    handler(request, response);
  });
  server.unref();
  // A scraper keeps its connection open between scrapes, and an accepted socket holds the process like a listening one.
  server.on("connection", (socket) => socket.unref());
  return new Promise((resolve) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const why = error.code === "EADDRINUSE" ? "the port is taken" : `${error.code ?? error.message}`;
      onProblem(
        `/metrics is off: cannot listen on ${host}:${port} (${why}); set TELEMETRY_PROMETHEUS_PORT to a free port`,
      );
      resolve({ url: undefined, port: undefined, close: () => Promise.resolve() });
    });
    server.listen(port, host, () => {
      server.on("error", () => {});
      const address = server.address();
      const bound = typeof address === "object" && address !== null ? address.port : port;
      const name = host.includes(":") ? `[${host}]` : host;
      resolve({ url: `http://${name}:${bound}/metrics`, port: bound, close: () => closeServer(server) });
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
