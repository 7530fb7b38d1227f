// The signal bot's traces: one from an alert or a chat message to the order at the exchange.
import assert from "node:assert/strict";
import { KIND } from "./traces.mjs";

/** The names of the two observed services. */
export const BACKEND = "tvtelegrambingx-backend";
const BOT = "tvtelegrambingx-bot";

/** Up from the order: the queue, the service that took the signal in, its request, and for the bot's own what it was asked. */
export function checkOrderTraces({ traces, sink, orders }) {
  const spans = new Map(sink.spans.map((span) => [span.spanId, span]));
  const handled = sink.spans.filter(({ name }) => name === "OrderService.handle_signal");
  const ways = { webhook: 0, bot: 0 };
  for (const order of orders) {
    const [span, ...others] = handled.filter(
      ({ attributes }) => attributes["trading.client_order_id"] === order.client_order_id,
    );
    assert.ok(span !== undefined && others.length === 0, `the span of ${order.client_order_id}`);
    assert.equal(span.attributes["trading.symbol"], order.symbol);
    assert.match(String(span.attributes["trading.action"]), /^(buy|sell)$/);
    assert.equal(Number(span.attributes["http.response.status_code"]), 200);
    if (order.status === "filled") assert.match(String(span.attributes["trading.exchange_order_id"]), /^\d+$/);
    const below = traces.get(span.traceId).filter(({ parentSpanId }) => parentSpanId === span.spanId);
    const sent = below.filter(
      ({ kind, attributes }) => kind === KIND.client && String(attributes["url.path"]).endsWith("/trade/order"),
    );
    assert.equal(sent.length, 1, "requests to the exchange");
    assert.ok(
      below.some(({ name }) => /^pg\.query:INSERT/.test(name)),
      "its query",
    );
    const ingest = spans.get(span.parentSpanId);
    assert.equal(ingest?.name, "SignalService.ingest");
    const queued = traces.get(span.traceId).filter(({ parentSpanId }) => parentSpanId === ingest.spanId);
    assert.ok(
      queued.some(({ name, kind }) => name === "RPUSH" && kind === KIND.client),
      "its way into the queue",
    );
    const request = spans.get(ingest.parentSpanId);
    assert.deepEqual([request?.service, request?.kind], [BACKEND, KIND.server]);
    if (request.name === "POST /webhook") ways.webhook++;
    else {
      const client = spans.get(spans.get(request.parentSpanId)?.parentSpanId);
      assert.deepEqual([client?.service, client?.name], [BOT, "BackendClient"]);
      assert.equal(Number(client.attributes["http.response.status_code"]), 202);
      assert.equal(spans.get(client.parentSpanId)?.name, "chat_update");
      ways.bot++;
    }
  }
  assert.ok(ways.webhook > 0 && ways.bot > 0, JSON.stringify(ways));
  return `${ways.webhook} orders from alerts, ${ways.bot} from the chat`;
}
