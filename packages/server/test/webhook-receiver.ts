// A receiver of webhooks on a port of its own: keeps what comes, and what it answers can be changed.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/** A delivery, its body read. */
export interface Received {
  readonly headers: NodeJS.Dict<string | string[]>;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of every shape.
  readonly body: any;
}

/** The receiver. */
export interface WebhookReceiver {
  readonly url: string;
  readonly received: readonly Received[];
  /** What it answers from now on. */
  answer(status: number): void;
  /** Settings of a channel that leads here: private and without TLS, as only the configuration may allow. */
  readonly channel: Readonly<Record<string, unknown>>;
}

/** Starts it; stopped after the test. */
export async function webhookReceiver(): Promise<WebhookReceiver> {
  const received: Received[] = [];
  let status = 200;
  const server = createServer(async (request, response) => {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    received.push({ headers: request.headers, body: JSON.parse(Buffer.concat(pieces).toString("utf8")) });
    response.writeHead(status).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  return {
    url,
    received,
    answer(next) {
      status = next;
    },
    channel: {
      kind: "webhook",
      url,
      signing_secret: "a signing secret for tests",
      allow_http: true,
      allow_private_targets: true,
    },
  };
}
