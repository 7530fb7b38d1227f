// What must hold of traces that arrived at a receiver.
import assert from "node:assert/strict";

/** Kinds of spans as OTLP numbers them. */
export const KIND = { internal: 1, server: 2, client: 3, producer: 4, consumer: 5 };

const STAGES = ["ws_to_book_update", "book_to_signal", "signal_to_risk", "risk_to_send"];

/** Spans by trace; throws when one came twice or has a parent that never came. */
export function groupTraces(spans) {
  const traces = new Map();
  const seen = new Set();
  for (const span of spans) {
    const id = `${span.traceId} ${span.spanId}`;
    assert.ok(!seen.has(id), `the span ${span.name} ${id} came twice`);
    seen.add(id);
    if (!traces.has(span.traceId)) traces.set(span.traceId, []);
    traces.get(span.traceId).push(span);
  }
  const orphans = spans.filter((span) => span.parentSpanId && !seen.has(`${span.traceId} ${span.parentSpanId}`));
  assert.deepEqual(
    orphans.map((span) => `${span.service} ${span.name} ${span.traceId}`),
    [],
    "spans without their parent",
  );
  return traces;
}

/**
 * An accepted order is one trace: the frame, its stages, the requests that left, and below each of them what the exchange did.
 * Returns how many orders it holds.
 */
export function checkOrderTrace(trace) {
  const childrenOf = (span) => trace.filter((other) => other.parentSpanId === span.spanId);
  const roots = trace.filter((span) => span.parentSpanId === undefined);
  assert.deepEqual(
    roots.map((span) => [span.service, span.name]),
    [["basis-trader", "tick"]],
  );
  const [tick] = roots;
  const below = childrenOf(tick);
  for (const stage of STAGES)
    assert.equal(below.filter((span) => span.name === stage).length, 1, `the stage ${stage} of ${tick.traceId}`);
  for (const span of trace) assert.ok(span.startNanos <= span.endNanos, `${span.name} ends before it starts`);
  const requests = below.filter((span) => span.kind === KIND.client && /order$/.test(span.attributes["url.path"]));
  assert.ok(requests.length >= 2, `${requests.length} orders in ${tick.traceId}`);
  for (const request of requests) {
    const [server, ...others] = childrenOf(request);
    assert.deepEqual([server?.service, server?.kind, others.length], ["basis-exchange", KIND.server, 0]);
    assert.equal(server.attributes["url.path"], request.attributes["url.path"]);
    const flows = childrenOf(server).filter((span) => span.name === "exchange_order");
    const isQuestion = request.attributes["http.request.method"] === "GET";
    assert.equal(flows.length, isQuestion ? 0 : 1, `flows of the exchange below ${request.spanId}`);
    for (const flow of flows)
      assert.deepEqual(
        childrenOf(flow).map((span) => span.name),
        ["order_handled"],
      );
  }
  return requests.length;
}
