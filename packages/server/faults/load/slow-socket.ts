// Connections on which something comes, but not what was promised: a byte now and then, or without an end.
import { connect } from "node:net";

/** How one ended: the status that came, 0 when none did. */
export type SlowEnd = Promise<number>;

const DRIP_MS = 200;
const CHUNK = Buffer.from(`10000\r\n${"x".repeat(65_536)}\r\n`);

/** Sends the lines of a head, one now and then, and never its end. */
export function dripHead(port: number, ended: AbortSignal): SlowEnd {
  return drip(port, headOf(port).join("\r\n"), "\r\nX-Slow: 1", ended);
}

/** Promises a thousand bytes, and sends one now and then. */
export function dripBody(port: number, ended: AbortSignal): SlowEnd {
  return drip(port, [...headOf(port), "Content-Length: 1000", "", ""].join("\r\n"), "x", ended);
}

/** Sends chunk after chunk, as fast as they are taken. */
export function sendWithoutEnd(port: number, ended: AbortSignal): SlowEnd {
  return open(port, ended, (socket) => {
    socket.write([...headOf(port), "Transfer-Encoding: chunked", "", ""].join("\r\n"));
    const go = (): void => {
      if (socket.destroyed) return;
      if (socket.write(CHUNK)) setImmediate(go);
      else socket.once("drain", go);
    };
    go();
  });
}

function headOf(port: number): readonly string[] {
  return ["POST /v1/logs HTTP/1.1", `Host: 127.0.0.1:${port}`, "Content-Type: application/x-protobuf"];
}

function drip(port: number, head: string, drop: string, ended: AbortSignal): SlowEnd {
  return open(port, ended, (socket) => {
    socket.write(head);
    const timer = setInterval(() => socket.write(drop), DRIP_MS);
    socket.once("close", () => clearInterval(timer));
  });
}

function open(port: number, ended: AbortSignal, go: (socket: ReturnType<typeof connect>) => void): SlowEnd {
  return new Promise((resolve) => {
    const socket = connect({ port, host: "127.0.0.1", signal: ended });
    let text = "";
    socket.setEncoding("latin1");
    socket.once("connect", () => go(socket));
    socket.on("data", (piece: string) => {
      text += piece;
    });
    // A server that has had enough resets the connection, after its answer.
    socket.on("error", () => {});
    socket.once("close", () => resolve(Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0)));
  });
}
