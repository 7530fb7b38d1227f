// A rule tried on what was recorded, by the engine that would evaluate it live.
import type { AlertFeed } from "@tracebook/store";
import { AlertCore, type CoreEffects } from "../engine/alert-core.ts";
import { groupLabelsOf } from "../engine/alert-groups.ts";
import { fillWindows } from "../engine/fill-windows.ts";
import { sourceOf } from "../engine/rule-source.ts";
import { DEFAULT_LIFECYCLE, type LifecycleSettings } from "../lifecycle/advance-alert.ts";
import type { Alert } from "../lifecycle/alert.ts";
import { secondFrom, secondOf } from "../lifecycle/alert-times.ts";
import type { AlertRule } from "../rules/alert-rule.ts";

/** Which time, as texts. */
export interface BacktestRange {
  readonly from: string;
  /** Not before `from`, and no more than 31 days after it. */
  readonly to: string;
}

/** A time for which an alert would have fired. */
export interface BacktestFiring {
  /** Of the group that it would have been about; empty where the rule has no groups. */
  readonly labels: { readonly [label: string]: string };
  readonly fired_at: string;
  /** Null: it would fire still at the end of the range. */
  readonly resolved_at: string | null;
  /** The worst value meanwhile; null for an absence, which has none. */
  readonly peak_value: number | null;
  /** It would have been the alert before, re-opened. */
  readonly is_reopened: boolean;
}

/** What would have happened. */
export interface BacktestResult {
  /** By when they fired, and by their labels. */
  readonly firings: readonly BacktestFiring[];
  /** Entries of the outbox: one for each change and channel. */
  readonly notifications: number;
  /** It would have flapped, and been quiet for some of the time. */
  readonly has_flapped: boolean;
  /** `minute`: single samples of some of the range are gone, and values of whole minutes were taken. */
  readonly precision: "second" | "minute";
  /** Why the rule could not be evaluated to the end, or not of all its groups; null: it could. */
  readonly problem: string | null;
}

const MAX_RANGE_S = 31 * 86_400;
const STEP_S = 600;

/**
 * When `rule` would have fired and resolved between the ends of a range, to the second, were it switched on at its beginning; what came
 * before is known to it. People's doings and silences have no part in it. Throws `RangeError` for a range that is none. Costs a read of
 * the events and samples that the rule is about.
 *
 * @example
 * const { firings } = await backtestRule(rule, store.alertFeed, { from: "2026-11-20T00:00:00Z", to: "2026-11-21T00:00:00Z" });
 */
export async function backtestRule(
  rule: AlertRule,
  feed: AlertFeed,
  { from, to }: BacktestRange,
  settings: LifecycleSettings = DEFAULT_LIFECYCLE,
): Promise<BacktestResult> {
  const start = secondFrom(from);
  const end = secondOf(to);
  if (!(end >= start && end - start <= MAX_RANGE_S))
    throw new RangeError(
      `The range is from ${from} to ${to}; it must be of 0 seconds to 31 days, both like 2026-11-20T12:00:00Z.`,
    );
  const core = new AlertCore(start, settings);
  core.setRule(rule, rule.rule_type === "data_absence" ? start : Number.NEGATIVE_INFINITY);
  const report = new BacktestReport(sourceOf(rule).by);
  let isByMinutes = await fillWindows(core, feed, start, undefined);
  for (let at = start; at < end; at += STEP_S) {
    const until = Math.min(at + STEP_S, end);
    const piece = await feed.range(core.windows.routes.wants, at, until);
    isByMinutes ||= piece.isByMinutes;
    core.add(piece, until);
    while (core.until < until) {
      core.advance();
      report.take(core.takeEffects());
    }
  }
  return report.result(core.alerts.values(), isByMinutes ? "minute" : "second");
}

/** Gathers firings out of what the core does. */
class BacktestReport {
  readonly #by: readonly string[];
  readonly #firings: BacktestFiring[] = [];
  /** By the id of the alert: where its last firing is among them, which has not ended. */
  readonly #open = new Map<string, number>();
  #notifications = 0;
  #hasFlapped = false;
  #problem: string | null = null;

  constructor(by: readonly string[]) {
    this.#by = by;
  }

  /** After each second: of one alert there is no more than one change within it. */
  take({ history, notifications, ruleProblems, alerts }: CoreEffects): void {
    this.#notifications += notifications.length;
    this.#problem ??= ruleProblems[0]?.problem ?? null;
    if (history.length === 0) return;
    const byId = new Map(alerts.map((alert) => [alert.alert_id, alert]));
    for (const { change, changed_at, alert_id } of history) {
      const alert = byId.get(alert_id);
      if (change === "flapping") this.#hasFlapped = true;
      if (alert === undefined) continue;
      if (change === "firing" || change === "reopened")
        this.#open.set(alert_id, this.#firings.push(this.#firingOf(alert, changed_at, change === "reopened")) - 1);
      if (change === "resolved") {
        this.#note(alert, changed_at);
        this.#open.delete(alert_id);
      }
    }
  }

  result(open: Iterable<Alert>, precision: BacktestResult["precision"]): BacktestResult {
    for (const alert of open) this.#note(alert, null);
    return {
      firings: this.#firings.toSorted(byTime),
      notifications: this.#notifications,
      has_flapped: this.#hasFlapped,
      precision,
      problem: this.#problem,
    };
  }

  #firingOf(alert: Alert, fired_at: string, is_reopened: boolean): BacktestFiring {
    const labels = groupLabelsOf(alert, this.#by) ?? {};
    return { labels, fired_at, resolved_at: null, peak_value: alert.peak_value, is_reopened };
  }

  /** How an open firing has ended, or how bad it is by now. */
  #note({ alert_id, peak_value }: Alert, resolved_at: string | null): void {
    const place = this.#open.get(alert_id);
    if (place !== undefined) this.#firings[place] = { ...this.#firings[place]!, resolved_at, peak_value };
  }
}

function byTime(a: BacktestFiring, b: BacktestFiring): number {
  const [first, second] = [a, b].map(({ fired_at, labels }) => fired_at + JSON.stringify(labels)) as [string, string];
  return first < second ? -1 : first > second ? 1 : 0;
}
