// One request of OTLP/HTTP to its end: what is refused for now is sent again, the same bytes, as the specification wants it.
import { type Agent, request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

/** What is sent. */
export interface OtlpRequest {
  readonly signal: "logs" | "traces";
  readonly body: Uint8Array;
  readonly items: number;
  readonly isGzip: boolean;
}

/** What has come of requests. */
export interface DeliveryCounts {
  /** Requests, and items in them, that were answered with 200 and nothing else. */
  requests: number;
  items: number;
  bytes: number;
  /** Answers of 429 and 503, each followed by the same again, and tries without an answer. */
  refused: number;
  unanswered: number;
  /** Answers that a good request must not get, as `status text`; those requests are given up. */
  readonly wrong: string[];
  /** How long each answer of 200 took, in milliseconds. */
  readonly tookMs: number[];
}

const DEFAULT_PAUSE_S = 0.2;
/** A desk that has taken nothing of a request for so long is gone, or will not have it. */
const PATIENCE_MS = 60_000;

/** No requests yet. */
export function newDeliveryCounts(): DeliveryCounts {
  return { requests: 0, items: 0, bytes: 0, refused: 0, unanswered: 0, wrong: [], tookMs: [] };
}

/** Sends it until it is taken, or for good refused. */
export async function deliver(url: string, sent: OtlpRequest, agent: Agent, counts: DeliveryCounts): Promise<void> {
  const giveUpMs = performance.now() + PATIENCE_MS;
  while (performance.now() < giveUpMs) {
    const startMs = performance.now();
    const answer = await post(url, sent, agent).catch(() => undefined);
    if (answer === undefined) counts.unanswered++;
    else if (answer.status === 200 && answer.text === "") {
      counts.tookMs.push(performance.now() - startMs);
      counts.requests++;
      counts.items += sent.items;
      counts.bytes += sent.body.byteLength;
      return;
    } else if (answer.status === 429 || answer.status === 503) counts.refused++;
    else {
      counts.wrong.push(`${answer.status} ${answer.text}`);
      return;
    }
    await sleep((answer?.retryAfterS ?? DEFAULT_PAUSE_S) * 1e3);
  }
  counts.wrong.push(`nothing but refusals or silence for ${PATIENCE_MS / 1e3} s`);
}

interface Answer {
  readonly status: number;
  /** Empty when everything was taken: else it is a partial success, or says what is wrong. */
  readonly text: string;
  readonly retryAfterS: number | undefined;
}

function post(url: string, { signal, body, isGzip }: OtlpRequest, agent: Agent): Promise<Answer> {
  const headers = {
    "content-type": "application/x-protobuf",
    "content-length": String(body.byteLength),
    ...(isGzip && { "content-encoding": "gzip" }),
  };
  return new Promise((resolve, reject) => {
    const sent = request(`${url}/v1/${signal}`, { method: "POST", headers, agent }, (response) => {
      let text = "";
      response.setEncoding("latin1");
      response.on("data", (piece: string) => {
        text += piece;
      });
      response.on("error", reject);
      response.on("end", () => {
        const retryAfter = response.headers["retry-after"];
        const retryAfterS = retryAfter === undefined ? undefined : Number(retryAfter);
        resolve({ status: response.statusCode ?? 0, text: text.replaceAll(/[^ -~]+/g, " ").trim(), retryAfterS });
      });
    });
    sent.on("error", reject);
    sent.end(body);
  });
}
