// The process that evaluates rules and tells of alerts, as a service would have it. Forked by alerts.ts.
import {
  createAlertEngine,
  createChannels,
  createNotifier,
  parseNotificationConfig,
  toStoredRule,
} from "@tracebook/alerts";
import { toTimestamp } from "@tracebook/core";
import type { Store } from "@tracebook/store";
import { openSqliteStore } from "@tracebook/store/sqlite";
import { answerOrders } from "../child.ts";
import { CHANNELS, createProbes, createRules } from "./alert-rules.ts";
import type { AlertingMark, AlertingOrder } from "./alerts.ts";

type Engine = ReturnType<typeof createAlertEngine>;
type Notifier = ReturnType<typeof createNotifier>;

let running: { readonly store: Store; readonly engine: Engine; readonly notifier: Notifier } | undefined;
const problems: string[] = [];

answerOrders<AlertingOrder>(async (order) => {
  if (order.kind === "start") return start(order);
  if (running === undefined) throw new Error("nothing has been started");
  if (order.kind === "mark") return mark(running.engine);
  await running.engine.stop();
  await running.notifier.stop();
  await running.store.close();
  return problems;
});

async function start({ path, url, rules, seconds }: AlertingOrder & { kind: "start" }): Promise<void> {
  const store = await openSqliteStore({ path });
  const all = createRules(rules, createProbes(seconds, rules));
  for (const rule of all) await store.alerts.saveRule(toStoredRule(rule, toTimestamp(Date.now() * 1e3)));
  const settings = {
    kind: "webhook",
    url,
    signing_secret: "the-secret-of-a-benchmark",
    allow_http: true,
    allow_private_targets: true,
  };
  const config = parseNotificationConfig({
    channels: Object.fromEntries(CHANNELS.map((name) => [name, settings])),
    default: { channels: CHANNELS.slice(0, 1) },
  });
  const onProblem = (line: string): void => void problems.push(line);
  const notifier = createNotifier({ records: store.alerts, channels: createChannels(config), config, onProblem });
  const onNotifications = () => notifier.wake();
  const engine = createAlertEngine({ records: store.alerts, feed: store.alertFeed, onProblem, onNotifications });
  engine.start();
  notifier.start();
  running = { store, engine, notifier };
}

function mark(engine: Engine): AlertingMark {
  const { user, system } = process.cpuUsage();
  return {
    stats: engine.stats(),
    cpuMicros: user + system,
    atMs: performance.now(),
    maxRssBytes: process.resourceUsage().maxRSS * 1024,
  };
}
