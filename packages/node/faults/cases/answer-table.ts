// What receivers answer, and what is to follow (OTLP specification, "Failures"; RFC 9110 for Retry-After).
import type { SinkAnswer } from "../harness/sink.ts";

/** Spans that each answer is given to. */
export const SPANS_A_ROUTE = 10;
/** Of them, those that a partial success refuses. */
export const REFUSED_SPANS = 3;

/** One answer and what it leads to. */
export interface AnswerRow {
  readonly answer: Extract<SinkAnswer, { kind: "status" }>;
  /** Tries while the answer stays the same for seven seconds. */
  readonly tries: readonly [min: number, max: number];
  /** Milliseconds between the first two tries, where the receiver has named a time. */
  readonly gapMs?: readonly [min: number, max: number];
  /** What becomes of the spans when the receiver is well again; `later`: after more than a minute. */
  readonly fate: "delivered" | "rejected" | "partial" | "later";
}

const never = (status: number): AnswerRow => ({ answer: { kind: "status", status }, tries: [1, 1], fate: "rejected" });
const again = (status: number, headers: Record<string, string> = {}): AnswerRow => ({
  answer: { kind: "status", status, headers },
  tries: [2, 5],
  fate: "delivered",
});

/** `ExportTracePartialSuccess { rejected_spans: 3, error_message: "too old" }` in an `ExportTraceServiceResponse`. */
const PARTIAL_SUCCESS = `\x0a\x0b\x08${String.fromCharCode(REFUSED_SPANS)}\x12\x07too old`;

/** HTTP dates have seconds: three to four of them. */
const DATE_AFTER_MS = 4_000;

/** The table, by the name of the route. */
export const ANSWER_TABLE: Readonly<Record<string, AnswerRow>> = {
  "400": never(400),
  "401": never(401),
  "413": never(413),
  "429": again(429),
  "429-after-1": { ...again(429, { "retry-after": "1" }), gapMs: [1_000, 2_500] },
  "429-after-1e9": { ...again(429, { "retry-after": "1000000000" }), tries: [1, 1], fate: "later" },
  "429-after-date": {
    ...again(429),
    answer: { kind: "status", status: 429, retryAfterDateMs: DATE_AFTER_MS },
    gapMs: [DATE_AFTER_MS - 1_100, DATE_AFTER_MS + 1_500],
  },
  "429-after-garbage": again(429, { "retry-after": "soon, -1; 1e9" }),
  "500": { answer: { kind: "status", status: 500 }, tries: [3, 3], fate: "rejected" },
  "502": again(502),
  "503": again(503),
  "504": again(504),
  "200-partial": {
    answer: { kind: "status", status: 200, body: PARTIAL_SUCCESS, taken: true },
    tries: [1, 1],
    fate: "partial",
  },
  "200-html": {
    ...again(200),
    answer: { kind: "status", status: 200, headers: { "content-type": "text/html" }, body: "<html>Log in</html>" },
  },
};
