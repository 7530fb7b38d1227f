// OTLP as JSON, by hand: what services of other makers send.

/** A value of an attribute or a body. */
function toAnyValue(value) {
  if (typeof value === "string") return { stringValue: value };
  if (typeof value === "boolean") return { boolValue: value };
  if (typeof value === "bigint" || Number.isInteger(value)) return { intValue: String(value) };
  if (typeof value === "number") return { doubleValue: value };
  if (Array.isArray(value)) return { arrayValue: { values: value.map(toAnyValue) } };
  if (value === null || value === undefined) return {};
  return { kvlistValue: { values: toAttributes(value) } };
}

/** Attributes from the entries of an object. */
export function toAttributes(fields) {
  return Object.entries(fields).map(([key, value]) => ({ key, value: toAnyValue(value) }));
}

/** A number of so many hexadecimal digits as an id. */
export function hexId(number, digits) {
  return number.toString(16).padStart(digits, "0");
}

/** Sends spans, log records or metrics of one resource; resolves to the status. */
export async function sendOtlp(url, signal, items, resource = { "service.name": "foreign" }) {
  const names = { traces: ["resourceSpans", "scopeSpans", "spans"], logs: ["resourceLogs", "scopeLogs", "logRecords"] };
  const [outer, inner, leaf] = names[signal];
  const body = {
    [outer]: [
      { resource: { attributes: toAttributes(resource) }, [inner]: [{ scope: { name: "by-hand" }, [leaf]: items }] },
    ],
  };
  const answer = await fetch(`${url}/v1/${signal}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  await answer.arrayBuffer();
  return answer.status;
}

/** A span by hand; times in milliseconds of the wall clock. */
export function toSpan({
  trace,
  span,
  parent,
  name = "GET /",
  kind = 2,
  startMs,
  durationMs = 10,
  error = false,
  attributes = {},
}) {
  const nanos = (ms) => String(BigInt(Math.round(ms)) * 1_000_000n);
  return {
    traceId: hexId(trace, 32),
    spanId: hexId(span, 16),
    ...(parent === undefined ? {} : { parentSpanId: hexId(parent, 16) }),
    name,
    kind,
    startTimeUnixNano: nanos(startMs),
    endTimeUnixNano: nanos(startMs + durationMs),
    attributes: toAttributes(attributes),
    status: error ? { code: 2, message: "failed" } : {},
  };
}
