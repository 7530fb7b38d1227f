// A rule tried on what was recorded, by the engine that would evaluate it live.
import type { AlertFeed } from "@tracebook/store";
import { AlertCore } from "../engine/alert-core.ts";
import { fillWindows } from "../engine/fill-windows.ts";
import { DEFAULT_LIFECYCLE, type LifecycleSettings } from "../lifecycle/advance-alert.ts";
import { secondFrom, secondOf } from "../lifecycle/alert-times.ts";
import type { AlertRule } from "../rules/alert-rule.ts";

/** Which time, as texts. */
export interface BacktestRange {
  readonly from: string;
  /** Not before `from`, and no more than 31 days after it. */
  readonly to: string;
}

/** A time for which the alert would have fired. */
export interface BacktestFiring {
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
  readonly firings: readonly BacktestFiring[];
  /** Entries of the outbox: one for each change and channel. */
  readonly notifications: number;
  /** It would have flapped, and been quiet for some of the time. */
  readonly has_flapped: boolean;
  /** `minute`: single samples of some of the range are gone, and values of whole minutes were taken. */
  readonly precision: "second" | "minute";
  /** Why the rule could not be evaluated to the end; null: it could. */
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
  core.setRule(rule, start);
  const report = new BacktestReport();
  let isByMinutes = await fillWindows(core, feed, start, undefined);
  for (let at = start; at < end; at += STEP_S) {
    const until = Math.min(at + STEP_S, end);
    const piece = await feed.range(core.windows.routes.wants, at, until);
    isByMinutes ||= piece.isByMinutes;
    core.add(piece, until);
    while (core.until < until) {
      core.advance();
      report.take(core, rule.rule_id);
    }
  }
  return report.result(core, rule.rule_id, isByMinutes ? "minute" : "second");
}

/** Gathers firings out of what the core does. */
class BacktestReport {
  readonly #firings: BacktestFiring[] = [];
  #open: BacktestFiring | undefined;
  #notifications = 0;
  #hasFlapped = false;
  #problem: string | null = null;

  /** After each second: of one second there is no more than one change. */
  take(core: AlertCore, ruleId: string): void {
    const { history, notifications, ruleProblems, alerts } = core.takeEffects();
    this.#notifications += notifications.length;
    this.#problem ??= ruleProblems[0]?.problem ?? null;
    const peak_value = (alerts[0] ?? core.alerts.get(ruleId))?.peak_value ?? null;
    for (const { change, changed_at } of history) {
      if (change === "flapping") this.#hasFlapped = true;
      if (change === "firing" || change === "reopened")
        this.#open = { fired_at: changed_at, resolved_at: null, peak_value, is_reopened: change === "reopened" };
      if (change === "resolved" && this.#open !== undefined) {
        this.#firings.push({ ...this.#open, resolved_at: changed_at, peak_value });
        this.#open = undefined;
      }
    }
  }

  result(core: AlertCore, ruleId: string, precision: BacktestResult["precision"]): BacktestResult {
    const peak_value = core.alerts.get(ruleId)?.peak_value ?? null;
    const open = this.#open === undefined ? [] : [{ ...this.#open, peak_value }];
    return {
      firings: [...this.#firings, ...open],
      notifications: this.#notifications,
      has_flapped: this.#hasFlapped,
      precision,
      problem: this.#problem,
    };
  }
}
