// Case 1 of alerts: the process that evaluates and tells is killed -9 while alerts fire and resolve, and started again each time.
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { backtestRule } from "@tracebook/alerts";
import { openSqliteStore } from "@tracebook/store/sqlite";
import {
  type CaseContext,
  type CaseOutcome,
  type Check,
  check,
  type FaultCase,
} from "../../../node/faults/fault-case.ts";
import { createSeededRandom, type SeededRandom } from "../../../node/faults/harness/seeded-random.ts";
import { until } from "../../../node/faults/harness/until.ts";
import { startWorker, type Worker } from "../../../node/faults/harness/worker.ts";
import { STREAM_LIFECYCLE, STREAM_RULES, STREAM_START } from "../load/alert-stream.ts";
import { startWebhookReceiver, type TakenMessage, type WebhookReceiver } from "../load/webhook-receiver.ts";
import type { AlertingEnd, AlertingPlan } from "../programs/alerting.ts";

const KILLS = { short: 5, full: 50 } as const;
/** What a process is killed by: before the answer to a message, after it, at any moment, while it starts. */
const MOMENTS = ["before", "after", "any", "start"] as const;
const MAX_LIFE_MS = 1_500;
const MAX_START_MS = 600;
/** Each has claims of its own, which must have run out for the next. */
const LIFE_AHEAD_MS = 120_000;
/** Seconds of the stream after the last kill. */
const CALM_S = 90;

/** The case. */
export const alertsKilled: FaultCase = {
  id: "alerts-1",
  title: "Alerting process killed -9 while alerts fire and resolve",
  seconds: ({ isFull }) => (isFull ? 150 : 30),
  run: killAgainAndAgain,
};

async function killAgainAndAgain({ isFull, seed, folder }: CaseContext): Promise<CaseOutcome> {
  const kills = KILLS[isFull ? "full" : "short"];
  const path = join(folder("alerts"), "telemetry.db");
  const receiver = await startWebhookReceiver();
  try {
    const lives = new AlertingLives(path, receiver);
    const random = createSeededRandom(seed);
    for (let kill = 0; kill < kills; kill++) await lives.liveAndDie(MOMENTS[kill % MOMENTS.length]!, random);
    const end = await lives.toTheEnd();
    const expected = await expectedChanges(path, end.second);
    return outcome({ kills, lives, end, expected, receiver });
  } finally {
    await receiver.close();
  }
}

/** A change of an alert that people are to hear of, as a text to compare. */
interface ExpectedChanges {
  readonly changes: readonly string[];
  readonly notifications: number;
  readonly problems: readonly string[];
}

/** What the back-test says of the records that are in the store. */
async function expectedChanges(path: string, seconds: number): Promise<ExpectedChanges> {
  const store = await openSqliteStore({ path });
  try {
    const range = { from: textOf(STREAM_START), to: textOf(STREAM_START + seconds) };
    const changes: string[] = [];
    const problems: string[] = [];
    let notifications = 0;
    for (const rule of STREAM_RULES) {
      const tried = await backtestRule(rule, store.alertFeed, range, STREAM_LIFECYCLE);
      for (const { fired_at, resolved_at } of tried.firings) {
        changes.push(`${rule.rule_name} fires ${fired_at}`);
        if (resolved_at !== null) changes.push(`${rule.rule_name} resolves ${resolved_at}`);
      }
      notifications += tried.notifications;
      if (tried.problem !== null) problems.push(tried.problem);
    }
    return { changes: changes.sort(), notifications, problems };
  } finally {
    await store.close();
  }
}

interface KilledRun {
  readonly kills: number;
  readonly lives: AlertingLives;
  readonly end: AlertingEnd;
  readonly expected: ExpectedChanges;
  readonly receiver: WebhookReceiver;
}

function outcome({ kills, lives, end, expected, receiver }: KilledRun): CaseOutcome {
  const told = receiver.taken.map(changeOf);
  const toldOnce = new Set(told);
  const lost = expected.changes.filter((change) => !toldOnce.has(change));
  const invented = [...toldOnce].filter((change) => !expected.changes.includes(change));
  const twice = told.length - toldOnce.size;
  const early = resolvedFirst(receiver.taken);
  const repeats = receiver.repeats();
  return {
    runs: kills,
    figures: {
      accepted: expected.changes.length,
      delivered: expected.changes.length - lost.length,
      spooled: 0,
      dropped_by_reason: {},
      silent_loss: lost.length,
      duplicates: twice,
      invented: invented.length,
      p99_us: null,
      loop_p99_ms: null,
      rss_peak_mib: null,
      exit_ms: null,
      kills,
      seconds_of_stream: end.second,
      repeats_under_their_key: repeats,
      refused_and_sent_again: receiver.refused(),
      outbox: end.outbox,
      back_test_notifications: expected.notifications,
    },
    stock: undefined,
    checks: [
      check("no change that the back-test knows is lost", lost.length === 0, lost.slice(0, 5)),
      check("and none is told that it does not know", invented.length === 0, invented.slice(0, 5)),
      check("no change has two messages with different keys", twice === 0, twice),
      check("no alert is resolved before it has fired", early.length === 0, early.slice(0, 5)),
      ...livesChecks({ kills, lives, end, expected, receiver }),
    ],
    headline: `${lost.length} of ${expected.changes.length} changes lost in ${kills} kills, ${twice} told twice (${repeats} messages came again under their key, ${receiver.refused()} were refused and sent again), ${early.length} resolved before they fired; to the second what the back-test says`,
    stockHeadline: "has no alerts",
  };
}

function livesChecks({ kills, lives, end, expected, receiver }: KilledRun): Check[] {
  const problems = [...end.problems, ...expected.problems];
  const all = receiver.taken.length;
  return [
    check("as many messages as the back-test counts", all === expected.notifications, [all, expected.notifications]),
    check("everything in the outbox is delivered", Object.keys(end.outbox).join() === "delivered", end.outbox),
    check("there is more than a change for each kill", expected.changes.length > 2 * kills, expected.changes.length),
    check("no process ends by itself", lives.endedAlone === 0, lives.endedAlone),
    check("and none complains", problems.length + lives.lines.length === 0, [...problems, ...lives.lines].slice(0, 5)),
  ];
}

function changeOf({ rule, event, at }: TakenMessage): string {
  const verb = event === "alert.resolved" ? "resolves" : /^alert\.(firing|reopened)$/.test(event) ? "fires" : event;
  return `${rule} ${verb} ${at}`;
}

/** Alerts of which the end was told before the beginning. */
function resolvedFirst(messages: readonly TakenMessage[]): readonly string[] {
  const open = new Set<string>();
  const early: string[] = [];
  for (const { event, alertId } of messages)
    if (event !== "alert.resolved") open.add(alertId);
    else if (!open.delete(alertId)) early.push(alertId);
  return early;
}

function textOf(second: number): string {
  return `${new Date(second * 1_000).toISOString().slice(0, 19)}Z`;
}

/** One alerting process after the other on the same store. */
class AlertingLives {
  /** What they have said. */
  readonly lines: string[] = [];
  /** Processes that ended without being killed. */
  endedAlone = 0;
  readonly #path: string;
  readonly #receiver: WebhookReceiver;
  #lives = 0;

  constructor(path: string, receiver: WebhookReceiver) {
    this.#path = path;
    this.#receiver = receiver;
  }

  async liveAndDie(moment: (typeof MOMENTS)[number], random: SeededRandom): Promise<void> {
    const share = random.next();
    const before = this.#receiver.taken.length;
    const worker = this.#start(undefined);
    const kill = (): void => worker.signal("SIGKILL");
    if (moment === "start") {
      await sleep(share * MAX_START_MS);
      kill();
    } else {
      await until("a message", () => this.#receiver.taken.length > before);
      await sleep(share * MAX_LIFE_MS);
      if (moment === "any") kill();
      else this.#receiver.onNext(moment, kill);
    }
    const { signal } = await worker.exit;
    if (signal !== "SIGKILL") this.endedAlone++;
    this.#hear(worker);
  }

  /** One that is not killed. */
  async toTheEnd(): Promise<AlertingEnd> {
    const store = await openSqliteStore({ path: this.#path });
    const state = await store.alerts.engineState();
    await store.close();
    const worker = this.#start((state?.evaluated_until ?? STREAM_START) - STREAM_START + CALM_S);
    const end = await worker.ask<AlertingEnd>("end");
    await worker.stop();
    this.#hear(worker);
    return end;
  }

  #start(last: number | undefined): Worker<"end"> {
    const aheadMs = this.#lives++ * LIFE_AHEAD_MS;
    const plan: AlertingPlan = { path: this.#path, url: this.#receiver.url, until: last, aheadMs };
    return startWorker<"end">(new URL("../programs/alerting.ts", import.meta.url), "the alerting process", {
      args: [JSON.stringify(plan)],
    });
  }

  #hear(worker: Worker<"end">): void {
    this.lines.push(...`${worker.stdout()}${worker.stderr()}`.split("\n").filter((line) => line !== ""));
  }
}
