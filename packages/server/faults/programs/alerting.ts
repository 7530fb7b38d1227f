// Evaluates rules on a stream and tells a webhook, second by second of a time of its own, from where the store says it was; to be killed.
import { setTimeout as sleep } from "node:timers/promises";
import {
  createAlertEngine,
  createChannels,
  createNotifier,
  parseNotificationConfig,
  toStoredRule,
} from "@tracebook/alerts";
import { openSqliteStore } from "@tracebook/store/sqlite";
import { answerOrders } from "../desk/answer-orders.ts";
import { STREAM_CHANNELS, STREAM_LIFECYCLE, STREAM_RULES, STREAM_START, streamOf } from "../load/alert-stream.ts";

/** What it is started with. */
export interface AlertingPlan {
  readonly path: string;
  readonly url: string;
  /** The last second; undefined: it goes on until it is killed. */
  readonly until: number | undefined;
  /** How much later it is than for those before it, whose claims must have run out: nobody waits for that. */
  readonly aheadMs: number;
}

/** What it answers, when it is at its end. */
export interface AlertingEnd {
  readonly second: number;
  readonly problems: readonly string[];
  /** How messages of the outbox ended, by status. */
  readonly outbox: Readonly<Record<string, number>>;
}

/** A second of the stream takes this long at least: a kill has some of them to choose from. */
const PACE_MS = 15;
const DRAIN_LOOKS = 2_000;
const OUTBOX = 100_000;
const SIGNING_SECRET = "the-secret-of-a-fault-case";

const plan = JSON.parse(process.argv[2] ?? "{}") as AlertingPlan;
const problems: string[] = [];
const onProblem = (line: string): void => void problems.push(line);
const store = await openSqliteStore({ path: plan.path, onProblem });
for (const rule of STREAM_RULES)
  if ((await store.alerts.rule(rule.rule_id)) === undefined)
    await store.alerts.saveRule(toStoredRule(rule, "2026-11-20T12:00:00.000000Z"));

let second = Math.max(((await store.alerts.engineState())?.evaluated_until ?? STREAM_START) - STREAM_START, 0);
let aheadMs = plan.aheadMs;
const nowMs = () => (STREAM_START + second) * 1_000 + 500;
const config = parseNotificationConfig({
  channels: Object.fromEntries(
    STREAM_CHANNELS.map((name) => [
      name,
      { kind: "webhook", url: plan.url, signing_secret: SIGNING_SECRET, allow_http: true, allow_private_targets: true },
    ]),
  ),
  default: { channels: STREAM_CHANNELS.slice(0, 1) },
});
const engine = createAlertEngine({
  records: store.alerts,
  feed: store.alertFeed,
  clock: { nowMs, elapsedMs: nowMs, schedule: () => () => {} },
  holder: "the one that is killed",
  lifecycle: STREAM_LIFECYCLE,
  onProblem,
});
const notifier = createNotifier({
  records: store.alerts,
  channels: createChannels(config),
  config,
  nowMs: () => nowMs() + aheadMs,
  onProblem,
});

async function go(): Promise<AlertingEnd> {
  await engine.look();
  while (second < (plan.until ?? Number.POSITIVE_INFINITY)) {
    // The same records again after a start: each is there once.
    await store.writeEvents(streamOf(second));
    second++;
    await engine.look();
    // Delivery goes on while the next seconds are evaluated.
    await notifier.poll();
    await sleep(PACE_MS);
  }
  return end();
}

/** Delivers what waits; its time goes on, so that what is to be tried again comes due. */
async function end(): Promise<AlertingEnd> {
  let outbox: Record<string, number> = {};
  for (let look = 0; look < DRAIN_LOOKS; look++) {
    await notifier.poll();
    await notifier.idle();
    outbox = {};
    for (const { status } of await store.alerts.notifications(undefined, OUTBOX))
      outbox[status] = (outbox[status] ?? 0) + 1;
    if ((outbox["waiting"] ?? 0) === 0) break;
    aheadMs += 1_000;
  }
  await engine.stop();
  await notifier.stop();
  await store.close();
  return { second, problems, outbox };
}

const going = go();
// Whoever wants to know is told; of one that is killed nobody asks.
going.catch((error: unknown) => process.stderr.write(`${String(error)}\n`));
answerOrders<"end">(() => going);
