// Receivers of OTLP requests for tests, good and bad ones; each is closed when its test is over.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type RequestListener, type ServerResponse } from "node:http";
import { createServer as createHttp2Server, type ServerHttp2Session } from "node:http2";
import { createServer as createHttpsServer } from "node:https";
import { type AddressInfo, connect, createServer as createTcpServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer, type TlsOptions } from "node:tls";
import { gunzipSync } from "node:zlib";
import { onTestFinished } from "vitest";

/** A request that arrived; its body without compression. */
export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A running receiver. */
export interface Receiver {
  readonly url: string;
  readonly port: number;
  readonly received: Received[];
}

/** How a receiver answers. */
export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** False: no `Date` header. */
  readonly sendDate?: boolean;
}

/** A receiver that takes everything, or gives the answer; over TLS with a certificate. */
export async function startReceiver(
  answer: Answer | ((received: Received) => Answer) = {},
  tls?: TlsOptions,
): Promise<Receiver> {
  const received: Received[] = [];
  const listener: RequestListener = (request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const raw = Buffer.concat(chunks);
      const body = request.headers["content-encoding"] === "gzip" ? gunzipSync(raw) : raw;
      const one = { path: request.url ?? "", headers: request.headers, body };
      received.push(one);
      send(response, typeof answer === "function" ? answer(one) : answer);
    });
  };
  const server = tls === undefined ? createServer(listener) : createHttpsServer(tls, listener);
  const port = await listen(server);
  return { url: `${tls === undefined ? "http" : "https"}://127.0.0.1:${port}`, port, received };
}

function send(response: ServerResponse, { status = 200, headers, body = "", sendDate = true }: Answer): void {
  response.sendDate = sendDate;
  response.writeHead(status, { ...headers });
  response.end(body);
}

/** A port that treats each connection as it is told. */
export async function startTcp(onSocket: (socket: Socket) => void): Promise<{ url: string; port: number }> {
  const server = createTcpServer((socket) => {
    socket.on("error", () => {});
    onSocket(socket);
  });
  const port = await listen(server);
  return { url: `http://127.0.0.1:${port}`, port };
}

/** A port that speaks HTTP/2 and nothing else, as gRPC ports do. */
export async function startHttp2(port = 0): Promise<{ url: string; port: number }> {
  const server = createHttp2Server((_, response) => response.end());
  const sessions = new Set<ServerHttp2Session>();
  server.on("session", (session) => sessions.add(session));
  server.on("sessionError", () => {});
  onTestFinished(() => {
    for (const session of sessions) session.destroy();
  });
  const bound = await listen(server as unknown as Server, port);
  return { url: `http://127.0.0.1:${bound}`, port: bound };
}

/**
 * A port that shakes hands over TLS and hangs up with the first words. `once without`: the first client gets a handshake without a
 * chosen protocol, whatever it wanted.
 */
export async function startTls(options: TlsOptions, first?: "once without"): Promise<{ port: number }> {
  const hangUp = (socket: Socket) => {
    socket.on("error", () => {});
    socket.once("data", () => socket.destroy());
  };
  const server = createTlsServer(options, hangUp);
  const { ALPNProtocols: _, ...plain } = options;
  const without = createTlsServer(plain, hangUp);
  for (const one of [server, without]) one.on("tlsClientError", () => {});
  let clients = 0;
  return startTcp((socket) => {
    const isFirst = clients++ === 0 && first !== undefined;
    (isFirst ? without : server).emit("connection", socket);
  });
}

/** A port that nothing listens on. */
export async function freePort(): Promise<number> {
  const server = createTcpServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Listens, and then does nothing any more: whoever has found no place in its queue never gets a connection. */
const FROZEN = `
  const server = require("node:net").createServer();
  server.listen({ port: 0, host: "127.0.0.1", backlog: 1 }, () => {
    process.stdout.write(server.address().port + "\\n", () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0));
  });`;

/** A port on which no connection comes about any more. */
export async function startNeverConnecting(): Promise<{ url: string; port: number }> {
  const child: ChildProcess = spawn(process.execPath, ["-e", FROZEN], { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const [line] = (await once(child.stdout!, "data")) as [Buffer];
  const port = Number(line.toString());
  const sockets = Array.from({ length: 8 }, () => connect(port, "127.0.0.1"));
  let connected = 0;
  for (const socket of sockets) socket.on("error", () => {});
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
  });
  // The queue holds one more than it was made for; when these are in it, it is full.
  await new Promise<void>((resolve) => {
    for (const socket of sockets) socket.once("connect", () => ++connected === 2 && resolve());
  });
  return { url: `http://127.0.0.1:${port}`, port };
}

async function listen(server: Server, port = 0): Promise<number> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => {});
  });
  server.on("tlsClientError", () => {});
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}
