// A receiver of webhooks that knows what it has had by its key, refuses some for a while, and can have the sender killed in the midst of it.
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A message that was taken, once. */
export interface TakenMessage {
  readonly key: string;
  /** `alert.firing` */
  readonly event: string;
  readonly alertId: string;
  readonly rule: string;
  /** When the alert changed. */
  readonly at: string;
}

/** Before or after the next message is taken. */
export type HitMoment = "before" | "after";

/** The receiver. */
export interface WebhookReceiver {
  readonly url: string;
  /** In the order of arrival, without what came again under its key. */
  readonly taken: readonly TakenMessage[];
  /** Arrivals under a key that was there already, and those that were refused. */
  readonly repeats: () => number;
  readonly refused: () => number;
  /** Calls `hit` with the next message: before it is answered, or after that. */
  onNext(moment: HitMoment, hit: () => void): void;
  close(): Promise<void>;
}

/** One in so many is refused once. */
const REFUSED_EACH = 9;

/** Starts one, on a port of the system's choice. */
export async function startWebhookReceiver(): Promise<WebhookReceiver> {
  const taken = new Map<string, TakenMessage>();
  const counts = { arrivals: 0, repeats: 0, refused: 0 };
  let next: { readonly moment: HitMoment; readonly hit: () => void } | undefined;
  const take = (message: TakenMessage, response: ServerResponse): void => {
    if (++counts.arrivals % REFUSED_EACH === 0) {
      counts.refused++;
      response.writeHead(503).end();
      return;
    }
    if (taken.has(message.key)) counts.repeats++;
    else taken.set(message.key, message);
    const planned = next;
    next = undefined;
    // Nobody is there any more to be answered.
    if (planned?.moment === "before") return planned.hit();
    response.end("ok", () => planned?.hit());
  };
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8");
    request.on("data", (piece: string) => {
      body += piece;
    });
    request.on("error", () => {});
    request.on("end", () => take(toMessage(String(request.headers["idempotency-key"]), body), response));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    get taken() {
      return [...taken.values()];
    },
    repeats: () => counts.repeats,
    refused: () => counts.refused,
    onNext(moment, hit) {
      next = { moment, hit };
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function toMessage(key: string, body: string): TakenMessage {
  const { event, at, alert } = JSON.parse(body) as {
    readonly event: string;
    readonly at: string;
    readonly alert: { readonly alert_id: string; readonly rule_name: string };
  };
  return { key, event, alertId: alert.alert_id, rule: alert.rule_name, at };
}
