// Receivers that behave as a test says: over HTTP, or as bare sockets where HTTP itself goes wrong.
import { createServer as createHttpServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { onTestFinished } from "vitest";

/** A request as it arrived. */
export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A running receiver; it ends with its test. */
export interface Receiver {
  readonly url: string;
  readonly received: Received[];
  /** Connections that were ever made. */
  readonly connections: () => number;
}

/** Starts a receiver that answers each whole request. */
export async function startReceiver(answer: (response: ServerResponse, nth: number) => void): Promise<Receiver> {
  const received: Received[] = [];
  let connections = 0;
  const server = createHttpServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("error", () => {});
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      received.push({ headers: request.headers, body: Buffer.concat(chunks) });
      answer(response, received.length);
    });
  });
  server.on("connection", () => connections++);
  onTestFinished(() => server.closeAllConnections());
  return { url: `http://127.0.0.1:${await listen(server)}/v1/traces`, received, connections: () => connections };
}

/** Starts a receiver that is handed each connection. */
export async function startSocketReceiver(connected: (socket: Socket, nth: number) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    connected(socket, sockets.size);
  });
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
  });
  return `http://127.0.0.1:${await listen(server)}/v1/traces`;
}

/** An address where nobody listens. */
export async function refusedUrl(): Promise<string> {
  const server = createServer();
  const port = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}/v1/traces`;
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}
