// A sender of OTLP as the specification wants it: what is not acknowledged is sent again, the same bytes, until it is.
import { setTimeout as sleep } from "node:timers/promises";
import { until } from "../../../node/faults/harness/until.ts";
import { ask, createAgent } from "./ask.ts";
import type { NumberedRequest, RequestMaker } from "./numbered-requests.ts";
import { createTimes, type Times } from "./times.ts";

/** How is sent. */
export interface SenderOptions {
  readonly maker: RequestMaker;
  /** Where the desk answers; undefined while there is none. */
  readonly url: () => string | undefined;
  /** Requests under way at a time. */
  readonly lanes: number;
  readonly itemsPerS: number;
  /** So many requests are made, and no more. Default: as many as there is time for. */
  readonly mostRequests?: number;
  /** Aborts when nothing is to be sent any more, acknowledged or not. */
  readonly over: AbortSignal;
  /** How long it waits after a refusal. Default 200: whoever measures a recovery must look more often than a `Retry-After` asks for. */
  readonly pauseMs?: number;
}

/** What has come of it. */
export interface SenderCounts {
  /** Requests that were answered with 200, and the items in them. */
  acknowledged: number;
  items: number;
  /** Answers of 503 and 429, each of which was followed by the same again, by what they said; and those of them without a `Retry-After`. */
  readonly refused: Record<string, number>;
  unsaid: number;
  /** Tries that ended without an answer. */
  unanswered: number;
  /** Requests of which a try ended without an answer, and that were sent again. */
  sentAgain: number;
  /** Answers that a sender must not get for a good request, as `status text`. */
  readonly wrong: string[];
  /** When the last 200 came, in milliseconds of `performance.now()`. */
  lastAckMs: number;
  /** When the last refusal came. */
  lastRefusalMs: number;
}

/** A running sender. */
export interface Sender {
  readonly counts: Readonly<SenderCounts>;
  /** How long answers took, of all kinds, since the last call. */
  times(): Times;
  /** Resolves when all that was to be made is acknowledged, of a sender that makes so many requests and no more. */
  readonly done: Promise<unknown>;
  /** Makes nothing new; resolves when all that was made is acknowledged. Rejects after `withinMs`. */
  finish(withinMs: number): Promise<void>;
}

/** When the desk is away it is looked for again so soon. */
const AWAY_MS = 20;
const PAUSE_MS = 200;
/** Longer than that nobody catches up: what was not made in time is not made. */
const MAX_BEHIND_MS = 1_000;

/** Starts one. */
export function startSender(options: SenderOptions): Sender {
  return new RunningSender(options);
}

class RunningSender implements Sender {
  readonly counts: SenderCounts = {
    acknowledged: 0,
    items: 0,
    refused: {},
    unsaid: 0,
    unanswered: 0,
    sentAgain: 0,
    wrong: [],
    lastAckMs: 0,
    lastRefusalMs: 0,
  };
  readonly #options: SenderOptions;
  readonly #agent: ReturnType<typeof createAgent>;
  readonly done: Promise<unknown>;
  #times = createTimes();
  #fromMs = performance.now();
  #due = 0;
  #made = 0;
  #isOver = false;

  constructor(options: SenderOptions) {
    this.#options = options;
    this.#agent = createAgent(options.lanes);
    this.done = Promise.all(Array.from({ length: options.lanes }, () => this.#lane()));
    options.over.addEventListener("abort", () => this.#agent.destroy(), { once: true });
  }

  times(): Times {
    const times = this.#times;
    this.#times = createTimes();
    return times;
  }

  async finish(withinMs: number): Promise<void> {
    this.#isOver = true;
    let late: NodeJS.Timeout | undefined;
    const tooLate = new Promise<never>((_, reject) => {
      late = setTimeout(() => reject(new Error(`not everything was acknowledged within ${withinMs} ms`)), withinMs);
    });
    await Promise.race([this.done, tooLate]).finally(() => clearTimeout(late));
  }

  async #lane(): Promise<void> {
    const { maker, over, mostRequests = Number.POSITIVE_INFINITY } = this.#options;
    while (!this.#isOver && !over.aborted && this.#made < mostRequests) {
      if (this.#isDue()) await this.#deliver(maker.next());
      else await sleep(1);
    }
  }

  #isDue(): boolean {
    const { itemsPerS } = this.#options;
    const nowMs = performance.now();
    const behindMs = nowMs - this.#fromMs - (1e3 * this.#due) / itemsPerS;
    if (behindMs < 0) return false;
    if (behindMs > MAX_BEHIND_MS) [this.#fromMs, this.#due] = [nowMs, 0];
    this.#due += this.#options.maker.itemsEach;
    this.#made++;
    return true;
  }

  async #deliver(request: NumberedRequest): Promise<void> {
    const { counts } = this;
    let isUnanswered = false;
    while (!this.#options.over.aborted) {
      const pauseMs = await this.#try(request).catch(() => undefined);
      if (pauseMs === 0) return;
      if (pauseMs === undefined && !isUnanswered) {
        isUnanswered = true;
        counts.sentAgain++;
      }
      await sleep(pauseMs ?? AWAY_MS);
    }
  }

  /** 0 when it is done, else how long to wait before the next try. Rejects when there was no answer. */
  async #try({ signal, body }: NumberedRequest): Promise<number> {
    const url = this.#options.url();
    if (url === undefined) return AWAY_MS;
    const { counts } = this;
    const headers = { "content-type": "application/x-protobuf", "content-length": String(body.byteLength) };
    const answer = await ask(`${url}/v1/${signal}`, { method: "POST", headers, body, agent: this.#agent }).catch(
      (error: unknown) => {
        counts.unanswered++;
        throw error;
      },
    );
    const { status, retryAfterS, tookMs } = answer;
    this.#times.took(tookMs);
    const said = textOf(answer.body);
    if (status === 200) {
      counts.acknowledged++;
      counts.items += this.#options.maker.itemsEach;
      counts.lastAckMs = performance.now();
      // A partial success would be one that has refused something.
      if (said !== "") counts.wrong.push(`200 ${said}`);
      return 0;
    }
    if (status !== 503 && status !== 429) {
      counts.wrong.push(`${status} ${said}`);
      return AWAY_MS;
    }
    counts.refused[said] = (counts.refused[said] ?? 0) + 1;
    counts.lastRefusalMs = performance.now();
    if (retryAfterS === undefined) counts.unsaid++;
    return this.#options.pauseMs ?? PAUSE_MS;
  }
}

/** What can be read of a status in protobuf: its message. */
function textOf(body: Buffer): string {
  return body
    .toString("latin1")
    .replaceAll(/[^ -~]+/g, "")
    .trim();
}

/** How many answers were refusals. */
export function refusalsOf({ refused }: Readonly<SenderCounts>): number {
  return Object.values(refused).reduce((sum, count) => sum + count, 0);
}

/** Milliseconds until the next request is taken, from now. Rejects after half a minute. */
export async function untilTaken({ counts }: Sender): Promise<number> {
  const fromMs = performance.now();
  await until("a request that is taken", () => counts.lastAckMs > fromMs);
  return Math.round(counts.lastAckMs - fromMs);
}
