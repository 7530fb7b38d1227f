// What is counted while requests are sent.
import { Agent } from "node:http";
import { type DeliveryCounts, deliver, newDeliveryCounts, type OtlpRequest } from "./deliver.ts";
import type { SendReport } from "./sender.ts";
import { timeFigures } from "./times.ts";

/** A run of requests to one desk. */
export class SendRun {
  readonly #url: string;
  readonly #agent: Agent;
  readonly #counts: DeliveryCounts = newDeliveryCounts();
  readonly #perSecond: number[] = [];
  readonly #startMs = performance.now();
  readonly #startCpu = process.cpuUsage();
  #sent = 0;
  #ranOut = false;

  constructor(url: string, connections: number) {
    this.#url = url;
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  /** Seconds since it began. */
  get seconds(): number {
    return (performance.now() - this.#startMs) / 1e3;
  }

  /** Sends a request to its end. */
  async deliver(request: OtlpRequest): Promise<void> {
    this.#sent += request.items;
    const before = this.#counts.wrong.length;
    await deliver(this.#url, request, this.#agent, this.#counts);
    if (this.#counts.wrong.length > before) return;
    const second = Math.floor(this.seconds);
    this.#perSecond[second] = (this.#perSecond[second] ?? 0) + request.items;
  }

  /** There is nothing more to send, though there would be time. */
  ranOut(): void {
    this.#ranOut = true;
  }

  /** Ends it. */
  report(): SendReport {
    const { seconds } = this;
    const { user, system } = process.cpuUsage(this.#startCpu);
    this.#agent.destroy();
    const { items, requests, bytes, refused, unanswered, wrong, tookMs } = this.#counts;
    return {
      sent: this.#sent,
      acknowledged: items,
      requests,
      bytes,
      refused,
      unanswered,
      wrong: wrong.slice(0, 5),
      seconds,
      slowestSecond: this.#slowestSecond(Math.floor(seconds)),
      answers: timeFigures(tookMs),
      cpuMicros: user + system,
      ranOut: this.#ranOut,
    };
  }

  /** Of the whole ones: a second in which nothing came counts. */
  #slowestSecond(wholeSeconds: number): number {
    return Math.min(...Array.from({ length: Math.max(1, wholeSeconds) }, (_, second) => this.#perSecond[second] ?? 0));
  }
}
