// The bot's way to its backend: the span `BackendClient` around each request, counted and timed, errors as answers.
import { type Span, SpanStatusCode, trace } from "@opentelemetry/api";
import { tradingMetrics } from "@tracebook/node";
import { parseObject } from "../shared/http-body.ts";

/** How a request ended: `refused` by a backend that is well (4xx), `error` where there was no answer, or a 5xx. */
export type BackendResult = "success" | "refused" | "error";

/** An answer of the backend; `status` 0 where there was none. */
export interface BackendAnswer {
  readonly result: BackendResult;
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A request: `route` is the template, `path` what is asked for. */
export interface BackendRequest {
  readonly method: "GET" | "POST";
  readonly route: string;
  readonly path: string;
  readonly userId: string;
  readonly body?: Readonly<Record<string, unknown>>;
  readonly symbol?: string;
  readonly action?: string;
}

/** Talks to the backend. */
export interface BackendClient {
  /** Never rejects. */
  ask(request: BackendRequest): Promise<BackendAnswer>;
}

const TIMEOUT_MS = 5_000;

/** Makes the client. */
export function createBackendClient(url: string, token: string): BackendClient {
  const tracer = trace.getTracer("signal-bot");
  return {
    ask: (request) =>
      tracer.startActiveSpan("BackendClient", { attributes: attributesOf(request) }, async (span) => {
        const startedMs = performance.now();
        const answer = await send(url, token, request);
        const { method } = request;
        // BotBackendReachability goes by `error` alone: a backend that refuses something has been reached.
        tradingMetrics.botBackendRequests.add(1, { method, status: answer.result });
        tradingMetrics.botBackendRequestDuration.record((performance.now() - startedMs) / 1e3, { method });
        endSpan(span, answer);
        return answer;
      }),
  };
}

function attributesOf({ method, route, symbol, action }: BackendRequest): Record<string, string> {
  return {
    "http.request.method": method,
    "http.route": route,
    ...(symbol === undefined ? undefined : { "trading.symbol": symbol }),
    ...(action === undefined ? undefined : { "trading.action": action }),
  };
}

async function send(
  url: string,
  token: string,
  { method, path, userId, body }: BackendRequest,
): Promise<BackendAnswer> {
  try {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, "x-chat-user": userId, "content-type": "application/json" },
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(body === undefined ? undefined : { body: JSON.stringify(body) }),
    });
    const { status } = response;
    return { result: resultOf(status), status, body: parseObject(await response.text()) ?? {} };
  } catch (error) {
    return { result: "error", status: 0, body: { error: (error as Error).name } };
  }
}

function resultOf(status: number): BackendResult {
  if (status >= 200 && status < 300) return "success";
  return status >= 400 && status < 500 ? "refused" : "error";
}

function endSpan(span: Span, { result, status, body }: BackendAnswer): void {
  if (status !== 0) span.setAttribute("http.response.status_code", status);
  if (typeof body.signalId === "string") span.setAttribute("trading.signal_id", body.signalId);
  if (result !== "success")
    span.setStatus({ code: SpanStatusCode.ERROR, message: status === 0 ? "no answer" : `status ${status}` });
  span.end();
}
