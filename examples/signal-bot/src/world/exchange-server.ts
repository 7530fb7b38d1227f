// The paper exchange over HTTP, in the manner of BingX: a signed query string, an API key in a header, a code in the answer.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { isSameSecret, signText } from "../shared/secret-text.ts";
import type { PaperOrders } from "./paper-orders.ts";

/** Who may trade; the keys open nothing but this paper exchange. */
export interface Credentials {
  readonly apiKey: string;
  readonly apiSecret: string;
}

/** Where orders go. */
const ORDER_PATH = "/openApi/swap/v2/trade/order";

/** Makes the server; it is not listening yet. */
export function createExchangeServer(orders: PaperOrders, credentials: Credentials): Server {
  return createServer((request, response) => {
    request.resume();
    const [path = "", query = ""] = (request.url ?? "").split("?");
    if (request.method !== "POST" || path !== ORDER_PATH) return answer(response, 404, 100_404, "no such path");
    if (!isSigned(request, query, credentials)) return answer(response, 200, 100_001, "the signature is wrong");
    const placed = orders.place(new URLSearchParams(query));
    if ("order" in placed) return answer(response, 200, 0, "", { order: placed.order });
    answer(response, 200, placed.code, placed.message);
  });
}

function isSigned(request: IncomingMessage, query: string, { apiKey, apiSecret }: Credentials): boolean {
  const match = /^(.*)&signature=([0-9a-f]{64})$/.exec(query);
  const isKnown = isSameSecret(request.headers["x-bx-apikey"], apiKey);
  return match !== null && isSameSecret(match[2], signText(match[1] ?? "", apiSecret)) && isKnown;
}

function answer(response: ServerResponse, status: number, code: number, msg: string, data: object = {}): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify({ code, msg, data }));
}
