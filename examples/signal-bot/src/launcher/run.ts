// A run from its start to its end: the data servers, the processes, what they say, and a summary; everything ends with it.
import { setTimeout as sleep } from "node:timers/promises";
import { type DataServers, openDataServers } from "./data-servers.ts";
import type { LaunchOptions } from "./launch-options.ts";
import { startRunClock } from "./run-clock.ts";
import { createServices, type ServiceParts, type Services } from "./services.ts";
import { describeSummary, summarize } from "./summary.ts";

/** A run. */
export interface Run {
  /** Ends it, also while it is being started. May be called at any time, and again. */
  end(): void;
  /** Resolves with the exit code when nothing of the run is left. */
  toTheEnd(): Promise<number>;
}

const START_MS = 60_000;
const BOT_REPORT_MS = 5_000;

/** Makes a run; `parts` say what its processes are started with. */
export function createRun(parts: ServiceParts): Run {
  return new LaunchedRun(parts);
}

class LaunchedRun implements Run {
  readonly #options: LaunchOptions;
  readonly #env: NodeJS.ProcessEnv;
  readonly #services: Services;
  /** Aborted when the run is to end: from then on nothing is started. */
  readonly #ending = new AbortController();
  readonly #ended: Promise<void>;
  #data: DataServers | undefined;

  constructor(parts: ServiceParts) {
    this.#options = parts.options;
    this.#env = parts.env;
    this.#services = createServices(parts);
    this.#ended = new Promise((resolve) => {
      this.#ending.signal.addEventListener("abort", () => resolve(), { once: true });
    });
  }

  end(): void {
    this.#ending.abort(new Error("it was ended before it had started"));
  }

  async toTheEnd(): Promise<number> {
    const starting = this.#start();
    const failure = (await this.#whyNotStarted(starting)) ?? (await this.#whyEnded());
    this.end();
    await this.#services.stop();
    // Whatever was in the middle of being started is, now or never, and ends as well.
    await starting.catch(() => {});
    await this.#services.stop();
    await this.#data?.stop();
    return failure === undefined ? this.#summarize() : this.#fail(failure);
  }

  async #start(): Promise<void> {
    const { signal } = this.#ending;
    this.#data = await openDataServers(this.#env, signal);
    const backendUrl = await this.#services.start(this.#data, signal);
    this.#say(`data: ${this.#data.description}`);
    this.#say(`backend ${backendUrl} (its metrics: ${backendUrl}/metrics)`);
    this.#say(`bot's metrics: ${await this.#botMetrics(signal)}`);
  }

  /** Undefined when it has started. */
  async #whyNotStarted(starting: Promise<void>): Promise<string | undefined> {
    const { signal } = this.#ending;
    const tooLate = new Error(`it did not start within ${START_MS / 1e3} seconds`);
    const timer = setTimeout(() => this.#ending.abort(tooLate), START_MS);
    const failure = await Promise.race([starting, this.#ended]).then(
      () => undefined,
      (error: Error) => error,
    );
    clearTimeout(timer);
    // What it was ended for comes first: an interrupted step fails as well.
    return signal.aborted ? (signal.reason as Error).message : failure?.message;
  }

  /** Undefined when it was asked to. */
  async #whyEnded(): Promise<string | undefined> {
    const stopClock = startRunClock(this.#options, {
      status: () => this.#sayStatus(),
      quiet: () => {
        this.#services.quiet();
        this.#say("no new alerts and chat updates from here on");
      },
      outage: (durationMs) => this.#services.outage(durationMs),
      end: () => this.end(),
    });
    const why = await Promise.race([this.#services.oneGone(), this.#ended.then(() => undefined)]);
    stopClock();
    return why;
  }

  /** They may be on any port, or on none: the bot says it in its first report. */
  async #botMetrics(signal: AbortSignal): Promise<string> {
    const deadlineMs = performance.now() + BOT_REPORT_MS;
    while (this.#services.botReport() === undefined && performance.now() < deadlineMs)
      await sleep(50, undefined, { signal });
    const { metricsUrl, metricsProblem } = this.#services.botReport()?.telemetry ?? {};
    if (metricsUrl !== undefined) return metricsUrl;
    return metricsProblem === undefined ? "off" : `off, ${metricsProblem}: --bot-port 0 takes any free one`;
  }

  #sayStatus(): void {
    const reports = this.#services.reports();
    if (reports === undefined) return;
    const { world, backend, bot } = reports;
    const { orders, accepted, rejected } = backend.counts;
    this.#say(
      `alerts ${world.alerts.sent} | accepted ${accepted} rejected ${rejected} | orders filled ${orders.filled} rejected ${orders.rejected}` +
        ` | queue ${backend.queueDepth ?? "?"} | chat ${bot.counts.updates.message + bot.counts.updates.callback_query}`,
    );
  }

  #summarize(): number {
    const reports = this.#services.reports();
    if (reports === undefined) return this.#fail("a process ended without a report");
    const summary = summarize(reports);
    this.#say(describeSummary(summary));
    if (this.#options.json) process.stdout.write(`${JSON.stringify(summary)}\n`);
    return 0;
  }

  #say(line: string): void {
    (this.#options.json ? process.stderr : process.stdout).write(`${line}\n`);
  }

  #fail(failure: string): number {
    process.stderr.write(`signal-bot: ${failure}\n`);
    return 1;
  }
}
