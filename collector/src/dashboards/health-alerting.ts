// The alerting of a desk: what fires, whether the rules work, how late it is, and whether people were told.
import type { DashboardContext } from "./dashboard-context.ts";
import type { PanelDraft } from "./panel-frame.ts";
import { trend } from "./panels.ts";
import { orNone } from "./promql.ts";
import { promql } from "./targets.ts";

/** Reported by the one process that evaluates the rules of a store, and by the one that delivers. */
export function alerting(context: DashboardContext): PanelDraft[] {
  return [...evaluated(context), ...delivered(context)];
}

function evaluated({ metrics, queries }: DashboardContext): PanelDraft[] {
  const { alertsByState, alertRules, alertLag, alertEvaluation } = metrics;
  const shared = { min: 0, noData: "no desk has reported", width: 8 } as const;
  return [
    trend({
      ...shared,
      title: "Alerts of the desk",
      means: "Alerts by state: of each rule, or of each of its groups, the newest one. Resolved ones are left out.",
      whenBad: "`firing` is what nobody has acknowledged: open the desk's Alerts, the worst stands first.",
      unit: "short",
      styles: { "/firing/": "act", "/pending/": "watch" },
      targets: [promql(queries.level(alertsByState, ["state"], { state: "!=resolved" }), "{{state}}")],
    }),
    trend({
      ...shared,
      title: "Rules of the desk",
      means: "Rules that are evaluated, and rules that cannot be.",
      whenBad: "`broken`: nobody watches what they are about. The desk's Alerts say of each rule why.",
      unit: "short",
      styles: { "/broken/": "act" },
      targets: [promql(queries.level(alertRules, ["state"]), "{{state}}")],
    }),
    trend({
      ...shared,
      title: "How late alerts are",
      means:
        "`lag`: from the end of the last second that was evaluated to when what came of it was written. `evaluation`: what one look at all rules took.",
      whenBad:
        "Beyond 2 s: the store is slow or locked, or rules make too many groups (`by`): look at Rules and at the store's health.",
      unit: "s",
      limits: { above: { watch: 2, act: 10 } },
      targets: [
        promql(queries.largest(alertLag, ["job"]), "lag {{job}}"),
        promql(queries.largest(alertEvaluation, ["job"]), "evaluation {{job}}"),
      ],
    }),
  ];
}

function delivered({ metrics, queries }: DashboardContext): PanelDraft[] {
  const { alertNotifications, alertNotificationDelay } = metrics;
  const shared = { min: 0, noData: "nothing was sent yet", width: 12 } as const;
  return [
    trend({
      ...shared,
      title: "Notifications of the desk",
      means: "Tries per minute to tell people of a change, by channel and outcome.",
      whenBad:
        "`retry`: the channel does not answer, and it is tried again. `refused`, `given_up`: nobody was told; the alert's Notifications have the provider's words.",
      unit: "suffix: /min",
      styles: { "/retry/": "watch", "/refused|given_up/": "act" },
      targets: [
        promql(
          orNone(queries.perMinute(alertNotifications, ["channel", "outcome"]), "channel"),
          "{{channel}} {{outcome}}",
        ),
      ],
    }),
    trend({
      ...shared,
      title: "From the change to the channel",
      means: "Time from the change of an alert to the answer of the channel that took it: half within, 95 % within.",
      whenBad: "One channel alone: its provider is slow. All: see How late alerts are.",
      unit: "s",
      targets: [
        promql(queries.quantile(0.5, alertNotificationDelay, ["channel"]), "p50 {{channel}}"),
        promql(queries.quantile(0.95, alertNotificationDelay, ["channel"]), "p95 {{channel}}"),
      ],
    }),
  ];
}
