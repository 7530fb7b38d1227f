// Servers that remember the headers of all that reaches them: over http, over TLS, and as WebSocket handshakes.
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";

/** What reached a server. */
export interface Recorded {
  /** The name it was called by, without the port. */
  readonly host: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
}

/** Running servers. */
export interface RecordingServer {
  readonly port: number;
  readonly tlsPort: number;
  readonly recorded: Recorded[];
  close(): Promise<void>;
}

/** TLS by a key that both sides know, so that no certificate is needed. */
export const PSK = { ciphers: "PSK", maxVersion: "TLSv1.2", key: Buffer.alloc(16, 1), identity: "test" } as const;

/** Starts them. A path `/to?URL` redirects there; handshakes are recorded and refused. */
export async function startRecordingServer(): Promise<RecordingServer> {
  const recorded: Recorded[] = [];
  const record = ({ headers, url = "" }: IncomingMessage): void => {
    recorded.push({ host: (headers.host ?? "").split(":", 1)[0] ?? "", path: url, headers });
  };
  const plain = createServer();
  const tls = createTlsServer({ ciphers: PSK.ciphers, maxVersion: PSK.maxVersion, pskCallback: () => PSK.key });
  for (const server of [plain, tls]) {
    server.on("request", (request: IncomingMessage, response) => {
      record(request);
      const [path, target] = (request.url ?? "").split("?");
      if (path === "/to") response.writeHead(302, { location: decodeURIComponent(target ?? "") });
      response.end("ok");
    });
    server.on("upgrade", (request: IncomingMessage, socket) => {
      record(request);
      socket.end("HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n");
    });
  }
  const [port, tlsPort] = [await listen(plain), await listen(tls)];
  return {
    port,
    tlsPort,
    recorded,
    close: async () => {
      await Promise.all([plain, tls].map((server) => closeServer(server)));
    },
  };
}

async function listen(server: Pick<Server, "listen" | "address">): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

function closeServer(server: Pick<Server, "close" | "closeAllConnections">): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
