// A server that speaks as much of PostgreSQL's protocol as a query without rows needs: any text with `failing` fails.
import { createServer, type Server, type Socket } from "node:net";

/** Starts it on a free port of the loopback interface. */
export async function startPostgresWire(): Promise<{ readonly port: number; close(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    converse(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

const READY = message("Z", Buffer.from("I"));
const DONE = message("C", Buffer.from("SELECT 0\0"));
const FAILED = message("E", Buffer.from("SERROR\0C42703\0Mit fails\0\0"));

function converse(socket: Socket): void {
  let waiting = Buffer.alloc(0);
  let isGreeted = false;
  let failing = false;
  socket.on("error", () => {});
  socket.on("data", (chunk: Buffer) => {
    waiting = Buffer.concat([waiting, chunk]);
    for (;;) {
      const headBytes = isGreeted ? 1 : 0;
      if (waiting.length < headBytes + 4) return;
      const size = waiting.readInt32BE(headBytes) + headBytes;
      if (waiting.length < size) return;
      const type = isGreeted ? String.fromCharCode(waiting[0] ?? 0) : "startup";
      const body = waiting.subarray(headBytes + 4, size).toString("utf8");
      waiting = waiting.subarray(size);
      isGreeted = true;
      if (type === "P") failing = body.includes("failing");
      socket.write(answerTo(type, body, failing));
    }
  });
}

function answerTo(type: string, body: string, failing: boolean): Buffer {
  if (type === "startup") return Buffer.concat([message("R", Buffer.alloc(4)), READY]);
  if (type === "Q") return Buffer.concat([body.includes("failing") ? FAILED : DONE, READY]);
  if (type === "P") return failing ? FAILED : message("1");
  if (type === "S") return READY;
  if (failing || type === "X" || type === "H") return Buffer.alloc(0);
  if (type === "B") return message("2");
  return type === "D" ? message("n") : DONE;
}

function message(type: string, body: Buffer = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(5);
  head.write(type);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}
