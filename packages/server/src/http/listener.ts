// The desk's own port: taken, or another one, or none and a line that says so; never a crash.
import { createServer, type Server } from "node:http";
import { inUrl } from "./host-names.ts";
import type { NodeHandler } from "./node-handler.ts";

/** What is listened on. */
export interface ListenWish {
  readonly host: string;
  readonly port: number;
  /** Ports above it that may be had instead; 0: this one or none. */
  readonly others: number;
  /** Whether it keeps the process alive. */
  readonly keepAlive: boolean;
  readonly limits: ListenLimits;
}

/** Limits of connections; times in milliseconds. */
export interface ListenLimits {
  readonly connections: number;
  readonly headerBytes: number;
  readonly headersMs: number;
  readonly requestMs: number;
  /** A connection on which nothing moves is ended. */
  readonly idleMs: number;
  /** How often the times above are looked at. */
  readonly checkMs: number;
}

/** What there is in force. */
export const LISTEN_LIMITS: ListenLimits = Object.freeze({
  connections: 512,
  headerBytes: 16_384,
  headersMs: 10_000,
  requestMs: 30_000,
  idleMs: 60_000,
  checkMs: 2_000,
});

/** A port that is had, or why it is not. */
export interface Listener {
  /** Where it answers; empty: nowhere. */
  readonly url: string;
  readonly port: number | undefined;
  readonly problem: string | undefined;
  close(): Promise<void>;
}

/** For requests that are under way when the desk closes. */
const LAST_ANSWERS_MS = 1_000;
const NOTHING_TO_CLOSE = () => Promise.resolve();

/** Listens. Never rejects. */
export async function listen(handler: NodeHandler, wish: ListenWish): Promise<Listener> {
  const { host, port, others } = wish;
  let error: NodeJS.ErrnoException | undefined;
  for (let next = port; next <= Math.min(port + others, 65_535); next++) {
    const server = createDeskServer(handler, wish);
    error = await bind(server, next, host);
    if (error === undefined) return listening(server, host);
    if (error.code !== "EADDRINUSE") break;
  }
  const why = error?.code === "EADDRINUSE" ? "the port is taken" : (error?.code ?? error?.message);
  const where = others === 0 ? `${inUrl(host)}:${port}` : `${inUrl(host)}:${port} to ${port + others}`;
  return { url: "", port: undefined, problem: `cannot listen on ${where} (${why})`, close: NOTHING_TO_CLOSE };
}

function createDeskServer(handler: NodeHandler, { limits, keepAlive }: ListenWish): Server {
  const server = createServer(
    {
      maxHeaderSize: limits.headerBytes,
      headersTimeout: limits.headersMs,
      requestTimeout: limits.requestMs,
      connectionsCheckingInterval: limits.checkMs,
      keepAliveTimeout: 5_000,
    },
    handler,
  );
  server.timeout = limits.idleMs;
  server.maxConnections = limits.connections;
  if (keepAlive) return server;
  server.unref();
  // An accepted socket holds the process like a listening one.
  server.on("connection", (socket) => socket.unref());
  return server;
}

function bind(server: Server, port: number, host: string): Promise<NodeJS.ErrnoException | undefined> {
  return new Promise((resolve) => {
    server.once("error", resolve);
    server.listen(port, host, () => {
      server.off("error", resolve);
      server.on("error", () => {});
      resolve(undefined);
    });
  });
}

function listening(server: Server, host: string): Listener {
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: `http://${inUrl(nameOf(host))}:${port}`,
    port,
    problem: undefined,
    close: () => closeServer(server),
  };
}

/** Lets requests under way come to their end, for a while. */
function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const force = setTimeout(() => server.closeAllConnections(), LAST_ANSWERS_MS);
    server.close(() => {
      clearTimeout(force);
      resolve();
    });
    server.closeIdleConnections();
  });
}

/** An address that means all of them is none to go to. */
function nameOf(host: string): string {
  if (host === "0.0.0.0") return "127.0.0.1";
  return host === "::" ? "::1" : host;
}
