// What an HTTP answer means for a message: delivered, later, or never.
import type { ChannelAnswer } from "./channel.ts";
import type { SecretHider } from "./hidden-secrets.ts";
import type { HttpAnswer } from "./http-post.ts";

/** Longer waits than this are not granted. */
const MAX_RETRY_AFTER_MS = 15 * 60_000;

/** Statuses after which the same request may be taken later (RFC 9110, RFC 6585, RFC 8470); so may any of 500 and above. */
const RETRYABLE: ReadonlySet<number> = new Set([408, 425, 429]);

/** Reads an answer by its status; `words` makes text of others fit to be shown. */
export function toOutcome(answer: HttpAnswer, words: SecretHider, nowMs: number): ChannelAnswer {
  if (answer.kind === "forbidden") return { kind: "refused", words: words(answer.words) };
  if (answer.kind === "no_answer")
    return { kind: "retry", words: words(answer.words), mayHaveArrived: answer.hasLeft || undefined };
  const { status, text } = answer;
  const said = words(`HTTP ${status}: ${text}`);
  if (status >= 200 && status < 300) return { kind: "delivered", words: said };
  if (status >= 300 && status < 400)
    return {
      kind: "refused",
      words: words(`HTTP ${status}: a redirect, which is not followed; give the URL that it leads to`),
    };
  if (status < 500 && !RETRYABLE.has(status)) return { kind: "refused", words: said };
  return { kind: "retry", words: said, retryAfterMs: parseRetryAfter(answer.headers["retry-after"], nowMs) };
}

/** Reads `Retry-After` (RFC 9110, 10.2.3): seconds or a date. At most 15 minutes; undefined for anything else. */
function parseRetryAfter(header: string | string[] | undefined, nowMs: number): number | undefined {
  const text = (Array.isArray(header) ? header[0] : header)?.trim() ?? "";
  if (/^\d{1,15}$/.test(text)) return Math.min(Number(text) * 1_000, MAX_RETRY_AFTER_MS);
  // Date.parse takes much that is no HTTP date ("1", "2026"); those begin with the day of the week.
  const at = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? undefined : Math.min(Math.max(at - nowMs, 0), MAX_RETRY_AFTER_MS);
}
