// Traces as services without Tracebook send them, and flows as a library writes them that knows the conventions and nothing of the SDK.
import { toSpan } from "./otlp-items.mjs";

/** So many traces, numbered from `from`. */
export function range(from, count, make) {
  return Array.from({ length: count }, (_, i) => make(BigInt(from + i)));
}

/** A request and the query below it; `more` goes to the request. */
export function foreignTrace(trace, startMs, more = {}) {
  const id = trace & 0xffffffffffffffffn;
  const span = (id & 0xffffffffffn) * 4n + 1n;
  return [
    toSpan({ trace: id + (id << 64n), span: span + 1n, parent: span, startMs, kind: 3, name: "SELECT" }),
    toSpan({ trace: id + (id << 64n), span, startMs, ...more }),
  ];
}

/** A flow of one stage that was kept. */
export function flowTrace(trace, startMs) {
  const span = trace * 16n + (1n << 56n);
  const stage = { "trading.stage": "book_to_signal" };
  const attributes = { "trading.keep_reason": "accepted", "trading.stage": "risk_to_send" };
  return [
    toSpan({ trace, span: span + 1n, parent: span, startMs, kind: 1, name: "book_to_signal", attributes: stage }),
    toSpan({ trace, span, startMs, kind: 1, name: "tick", attributes }),
  ];
}
