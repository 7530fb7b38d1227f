// Bodies in pieces: whole at the other end, with room for other work in between, and no harm when the request is gone.
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { writeInPieces } from "./request-pieces.ts";

/** A server that keeps the bodies it gets; its port. */
async function startServer(bodies: Buffer[]): Promise<number> {
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", () => {
      bodies.push(Buffer.concat(chunks));
      response.end();
    });
    incoming.on("error", () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

function open(port: number, bytes: number) {
  return request({ port, host: "127.0.0.1", method: "POST", headers: { "content-length": bytes } });
}

describe("a body in pieces", () => {
  it.each([0, 1, 131_071, 131_072, 131_073, 1_500_000])("of %i bytes arrives as it is", async (size) => {
    const bodies: Buffer[] = [];
    const body = Buffer.from(Array.from({ length: size }, (_, i) => (i * 31) & 0xff));
    const sent = open(await startServer(bodies), size);
    const answered = new Promise((resolve) => sent.on("response", resolve));
    writeInPieces(sent, body);
    await answered;
    expect(bodies).toEqual([body]);
  });

  it("lets other work of the event loop go on between two of them", async () => {
    const bodies: Buffer[] = [];
    const port = await startServer(bodies);
    const sent = open(port, 1_500_000);
    let turns = 0;
    let isOver = false;
    const count = (): void => {
      turns++;
      if (!isOver) setImmediate(count);
    };
    const finished = new Promise((resolve) => sent.on("finish", resolve));
    sent.on("error", () => {});
    const connected = new Promise((resolve) => sent.on("socket", (socket) => socket.once("connect", resolve)));
    writeInPieces(sent, Buffer.alloc(1_500_000));
    await connected;
    setImmediate(count);
    await finished;
    isOver = true;
    expect(turns).toBeGreaterThanOrEqual(10);
  });

  it("of a request that is given up in the midst of it is left", async () => {
    const sent = open(await startServer([]), 1_500_000);
    const errors: string[] = [];
    sent.on("error", (error: NodeJS.ErrnoException) => errors.push(error.code ?? error.message));
    const closed = new Promise((resolve) => sent.on("close", resolve));
    writeInPieces(sent, Buffer.alloc(1_500_000));
    await new Promise((resolve) => setImmediate(resolve));
    sent.destroy();
    await closed;
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(errors.every((code) => code === "ECONNRESET")).toBe(true);
  });
});
