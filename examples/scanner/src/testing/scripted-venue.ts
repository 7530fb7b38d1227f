// A venue that does what a test says: depth over HTTP, streams over a WebSocket, both on a free port of the loopback interface.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";

/** The venue. Made by `startScriptedVenue`. */
export interface ScriptedVenue {
  readonly streamUrl: string;
  readonly restUrl: string;
  /** Addresses that streams were asked for at, one for each connection. */
  readonly connections: readonly string[];
  /** Sends a text to every client. */
  send(text: string): void;
  /** Says goodbye to every client, with this code and reason. */
  dismiss(code: number, reason: string): void;
  close(): Promise<void>;
}

/** Starts a venue whose depth answers come from the script, by symbol. */
export async function startScriptedVenue(
  depthOf: (symbol: string) => { readonly status: number; readonly body: string },
): Promise<ScriptedVenue> {
  const sockets = new Set<WebSocket>();
  const connections: string[] = [];
  const server = createServer((request, response) => {
    const symbol = new URL(request.url ?? "/", "http://venue").searchParams.get("symbol") ?? "";
    const { status, body } = depthOf(symbol);
    response.writeHead(status, { "content-type": "application/json" }).end(body);
  });
  new WebSocketServer({ server }).on("connection", (socket, request) => {
    connections.push(request.url ?? "");
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    streamUrl: `ws://127.0.0.1:${port}`,
    restUrl: `http://127.0.0.1:${port}`,
    connections,
    send: (text) => sockets.forEach((socket) => void socket.send(text)),
    dismiss: (code, reason) => sockets.forEach((socket) => void socket.close(code, reason)),
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.terminate();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
