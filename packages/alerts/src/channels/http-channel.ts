// What all channels over HTTP share: a checked target, a time-out, answers without secrets.
import type { ChannelAnswer } from "./channel.ts";
import { AlertChannelError } from "./errors.ts";
import { createSecretHider, type SecretHider } from "./hidden-secrets.ts";
import { toOutcome } from "./http-outcome.ts";
import { type HttpAnswer, postOnce } from "./http-post.ts";
import { parseWebTarget, type Resolver, systemResolver, type TargetRules } from "./web-target.ts";

/** Settings of every channel over HTTP. */
export interface HttpChannelOptions extends TargetRules {
  /** As routes name it. */
  readonly name: string;
  /** For name, connection and answer together: 100 to 60,000, default 3,000. */
  readonly timeoutMs?: number | undefined;
  /** Certificate authorities (PEM) besides those of Node.js, for receivers in the house. */
  readonly caCertificate?: string | undefined;
  /** Finds addresses. Default: as the machine does. */
  readonly resolver?: Resolver | undefined;
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly nowMs?: (() => number) | undefined;
}

/** One request of a channel. */
export interface ChannelRequest {
  /** Appended to the path of the channel's URL. */
  readonly path?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body: string;
}

/** Sends requests of one channel. */
export interface HttpSender {
  /** Where to, without secrets. */
  readonly destination: string;
  readonly words: SecretHider;
  readonly nowMs: () => number;
  /** Sends and reads the answer by its status. Never rejects. */
  send(request: ChannelRequest, signal: AbortSignal): Promise<ChannelAnswer>;
  /** The same with a say in what an answer with a status of 200 to 299 means. */
  sendAndRead(
    request: ChannelRequest,
    signal: AbortSignal,
    read: (text: string) => ChannelAnswer,
  ): Promise<ChannelAnswer>;
}

const DEFAULT_TIMEOUT_MS = 3_000;

/** Makes a sender to `url`; `secrets` are never shown, nor is the path of the URL. Throws an {@link AlertChannelError}. */
export function createHttpSender(
  options: HttpChannelOptions,
  url: string,
  secrets: readonly (string | undefined)[],
): HttpSender {
  const { name, timeoutMs = DEFAULT_TIMEOUT_MS, resolver = systemResolver, nowMs = Date.now } = options;
  if (!(timeoutMs >= 100 && timeoutMs <= 60_000))
    throw new AlertChannelError(
      "invalid_channel",
      `timeoutMs of channel "${name}" is ${timeoutMs}; it can be 100 to 60000.`,
    );
  const target = parseWebTarget(url, `The URL of channel "${name}"`, options, resolver);
  const words = createSecretHider([url, `${target.url.pathname}${target.url.search}`, ...secrets]);
  const post = (request: ChannelRequest, signal: AbortSignal): Promise<HttpAnswer> =>
    postOnce({
      target,
      path: request.path,
      headers: request.headers ?? {},
      body: request.body,
      timeoutMs,
      signal,
      ca: options.caCertificate,
    });
  return {
    destination: target.shown,
    words,
    nowMs,
    async send(request, signal) {
      return toOutcome(await post(request, signal), words, nowMs());
    },
    async sendAndRead(request, signal, read) {
      const answer = await post(request, signal);
      const outcome = toOutcome(answer, words, nowMs());
      return outcome.kind === "delivered" && answer.kind === "answer" ? read(answer.text) : outcome;
    },
  };
}
