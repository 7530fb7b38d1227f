// Slack: an incoming webhook, or chat.postMessage with a token.
import type { Channel, ChannelAnswer } from "./channel.ts";
import { AlertChannelError } from "./errors.ts";
import { createHttpSender, type HttpChannelOptions, type HttpSender } from "./http-channel.ts";
import { toSlackPayload } from "./slack-payload.ts";

/** Settings of a Slack channel: `webhookUrl`, or `token` and `channel`. */
export interface SlackChannelOptions extends HttpChannelOptions {
  /** Secret. `https://hooks.slack.com/services/T.../B.../...`; servers that speak the same (Mattermost) do as well. */
  readonly webhookUrl?: string | undefined;
  /** Secret. A bot token (`xoxb-...`) with the scope `chat:write`. */
  readonly token?: string | undefined;
  /** `#alerts` or an id. A webhook of today's kind has its own and ignores this. */
  readonly channel?: string | undefined;
  /** Where chat.postMessage is. Default `https://slack.com/api/chat.postMessage`. */
  readonly apiUrl?: string | undefined;
}

const API_URL = "https://slack.com/api/chat.postMessage";

/** Errors of chat.postMessage that pass ("chat.postMessage", "Errors"); all others would come again. */
const PASSING_ERRORS: ReadonlySet<string> = new Set([
  "fatal_error",
  "internal_error",
  "message_limit_exceeded",
  "rate_limited",
  "ratelimited",
  "request_timeout",
  "service_unavailable",
  "team_added_to_org",
]);

/** Makes a Slack channel. Throws an {@link AlertChannelError} for settings that cannot work. */
export function createSlackChannel(options: SlackChannelOptions): Channel {
  const { name, webhookUrl, token, channel } = options;
  if ((webhookUrl === undefined) === (token === undefined))
    throw new AlertChannelError("invalid_channel", `Slack channel "${name}" needs either webhook_url or token.`);
  if (token !== undefined && channel === undefined)
    throw new AlertChannelError(
      "invalid_channel",
      `Slack channel "${name}" has a token but no channel: name one, like "#alerts".`,
    );
  const sender = createHttpSender(options, webhookUrl ?? options.apiUrl ?? API_URL, [token]);
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const read = token === undefined ? readWebhook : readApi;
  return {
    name,
    kind: "slack",
    destination: channel === undefined ? sender.destination : `${channel} at ${sender.destination}`,
    deduplication: "none",
    takesDigests: true,
    send(message, signal, target) {
      const body = JSON.stringify(toSlackPayload(message, target?.channel ?? channel));
      return sender.sendAndRead({ headers, body }, signal, (text) => read(text, sender));
    },
  };
}

/** A webhook that took a message says `ok`; whatever else answers with 200 is no webhook of Slack's. */
function readWebhook(text: string, { words }: HttpSender): ChannelAnswer {
  if (text.trim() === "ok") return { kind: "delivered", words: "ok" };
  return { kind: "refused", words: words(`HTTP 200, but not Slack's "ok": check webhook_url. It says: ${text}`) };
}

/** chat.postMessage answers with 200 whatever came of it: `{"ok": true, "ts": ...}` or `{"ok": false, "error": ...}`. */
function readApi(text: string, { words }: HttpSender): ChannelAnswer {
  const answer = parseAnswer(text);
  if (answer?.ok === true) return { kind: "delivered", words: words(`ok, ts ${String(answer.ts)}`) };
  const error = typeof answer?.error === "string" ? answer.error : undefined;
  // Cut off or from somebody in between: whether Slack has it, nobody can say.
  if (error === undefined)
    return {
      kind: "retry",
      words: words(`HTTP 200 with an answer that is not Slack's: ${text}`),
      mayHaveArrived: true,
    };
  return { kind: PASSING_ERRORS.has(error) ? "retry" : "refused", words: words(`Slack says: ${error}`) };
}

function parseAnswer(text: string): { ok?: unknown; error?: unknown; ts?: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
