// A web server on a free port that keeps what it is sent and answers as it is told to.
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A request as it came. */
export interface ReceivedRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** How a request is answered. */
export type Answer = (response: ServerResponse, request: ReceivedRequest) => void;

/** The server. */
export interface Receiver {
  /** `http://127.0.0.1:54321` */
  readonly url: string;
  readonly requests: readonly ReceivedRequest[];
  answer: Answer;
  close(): Promise<void>;
}

/** Starts one. */
export async function startReceiver(answer: Answer): Promise<Receiver> {
  const requests: ReceivedRequest[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { method = "", url: path = "", headers } = request;
      const received = { method, path, headers, body: Buffer.concat(chunks).toString("utf8") };
      requests.push(received);
      receiver.answer(response, received);
    });
    response.on("error", () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const receiver: Receiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    answer,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return receiver;
}

/** An answer of a status, a body and headers. */
export function reply(status: number, body = "", headers: Record<string, string> = {}): Answer {
  return (response) => void response.writeHead(status, headers).end(body);
}
