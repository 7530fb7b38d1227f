// Rules on their way from the store to the engine: each is evaluated from the second on at which it was written.
import type { AlertFeed, StoredAlertRule } from "@tracebook/store";
import { secondOf } from "../lifecycle/alert-times.ts";
import type { AlertRule } from "../rules/alert-rule.ts";
import { fromStoredRule } from "../rules/stored-rule.ts";
import type { AlertCore } from "./alert-core.ts";
import type { LedBack } from "./feed-view.ts";
import { fillWindows } from "./fill-windows.ts";

/** Time that has passed at a stroke: nothing could come meanwhile. */
export interface SkippedTime {
  readonly seconds: number;
  /** The second at which it was over. */
  readonly until: number;
}

/** What windows are filled from. */
export interface WindowFilling {
  readonly feed: AlertFeed;
  /** The second before which it ends. */
  readonly end: number;
  readonly cursor: string;
}

/** A stream whose time of absence is so many times as long as what was skipped is not misjudged by it. */
const SKIPPED_SHARE = 10;

interface WaitingRule {
  readonly row: StoredAlertRule;
  /** When it is evaluated first. */
  readonly since: number;
}

/** Takes rules from the store, and gives them to a core. */
export class RuleIntake {
  readonly #waiting = new Map<string, WaitingRule>();
  readonly #skipped: SkippedTime | undefined;
  readonly #ledBack: readonly LedBack[];

  /** `skipped`: that nothing came in it means nothing. `ledBack`: how time was led back, the latest last. */
  constructor(skipped: SkippedTime | undefined, ledBack: readonly LedBack[]) {
    this.#skipped = skipped;
    this.#ledBack = ledBack;
  }

  /** The next second at which a rule is to be evaluated first. */
  get next(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const { since } of this.#waiting.values()) next = Math.min(next, since);
    return next;
  }

  /** Takes a row as the store has it now. `now`: no rule begins later, whatever clock it was written by. */
  hear(core: AlertCore, row: StoredAlertRule, now: number): void {
    this.#waiting.delete(row.rule_id);
    if (row.removed_at !== null) return core.removeRule(row.rule_id, "The rule was removed.", row);
    if (!row.is_active) return core.removeRule(row.rule_id, "The rule was switched off.", row);
    this.#waiting.set(row.rule_id, { row, since: this.#beginOf(secondOf(row.updated_at), now) });
  }

  /** Gives the core the rules whose second has come, and their windows what happened before. */
  async settle(core: AlertCore, { feed, end, cursor }: WindowFilling): Promise<void> {
    for (const { row, since } of this.#waiting.values()) if (since <= core.until) this.#give(core, row, since);
    await fillWindows(core, feed, end, cursor);
  }

  #give(core: AlertCore, row: StoredAlertRule, since: number): void {
    this.#waiting.delete(row.rule_id);
    try {
      const rule = fromStoredRule(row);
      core.setRule(rule, this.#countsFrom(rule, since));
      if (row.problem !== null) core.noteProblem(row.rule_id, null);
    } catch (error) {
      core.removeRule(row.rule_id, "The rule cannot be evaluated any more.", row);
      core.noteProblem(row.rule_id, (error as Error).message);
    }
  }

  /** What a clock wrote that was set back since is so much longer ago. Of seconds that came twice it may be either: too early loses nothing. */
  #beginOf(created: number, now: number): number {
    let begin = created;
    for (const { from, by } of this.#ledBack) if (begin <= from) begin -= by;
    return Math.min(begin, now);
  }

  /** The second from which on it counts that nothing came: of an absence not before the rule was written, and of no rule in skipped time. */
  #countsFrom(rule: AlertRule, since: number): number {
    const first = rule.rule_type === "data_absence" ? since : Number.NEGATIVE_INFINITY;
    const skipped = this.#skipped;
    if (skipped === undefined) return first;
    const isShort = skipped.seconds * SKIPPED_SHARE < secondsOf(rule);
    return isShort ? first : Math.max(first, skipped.until);
  }
}

/** How far back it looks. */
function secondsOf({ condition_config: condition }: AlertRule): number {
  return "absent_for_seconds" in condition ? condition.absent_for_seconds : condition.time_window_minutes * 60;
}
