// What becomes of the engine's time when the clock is set back: seconds come again whose events were evaluated already.
import type { AlertRecords } from "@tracebook/store";
import type { Alert } from "../lifecycle/alert.ts";
import { secondOf, secondText } from "../lifecycle/alert-times.ts";
import type { CoreEffects } from "./core-effects.ts";
import type { LedBack } from "./feed-view.ts";

/** Cursors of feeds have none of these. */
const BETWEEN_STEPS = ";";
const BETWEEN_FIGURES = ",";
/** No window of values or events looks farther back. */
const LONGEST_WINDOW_S = 86_400;
/** Each has its part in what windows are filled from; of more, the oldest is forgotten. */
const MAX_STEPS = 3;
const PAGE = 500;

/** Where the engine is in the feed, and how its time was led back of late, the latest last: after a crash that must be known, too. */
export interface EnginePosition {
  readonly cursor: string;
  readonly ledBack: readonly LedBack[];
}

/** As the store keeps it; `until`: what no window looks back to any more is left out. */
export function toStoredPosition({ cursor, ledBack }: EnginePosition, until: number): string {
  const steps = ledBack.filter((step) => until < step.from + LONGEST_WINDOW_S).slice(-MAX_STEPS);
  return [
    cursor,
    ...steps.map((step) => [step.from, step.to, step.by, step.before, step.after].join(BETWEEN_FIGURES)),
  ].join(BETWEEN_STEPS);
}

/** Reads it. */
export function fromStoredPosition(text: string): EnginePosition {
  const [cursor = "", ...steps] = text.split(BETWEEN_STEPS);
  const ledBack = steps.flatMap((step) => {
    const [, from, to, by, before, after] = /^(\d+),(\d+),(\d+),([^,]*),([^,]*)$/.exec(step) ?? [];
    if (before === undefined || after === undefined) return [];
    return [{ from: Number(from), to: Number(to), by: Number(by), before, after }];
  });
  return { cursor, ledBack };
}

/** The second before which all was evaluated once already. */
export function relivedUntil(ledBack: readonly LedBack[]): number {
  return ledBack.reduce((last, { from }) => Math.max(last, from), Number.NEGATIVE_INFINITY);
}

/** All alerts that bear a time after the second `to`, as they are when time has been led back there from `from`. */
export async function alertsLedBack(
  records: Pick<AlertRecords, "changesSince" | "findAlerts">,
  from: number,
  to: number,
): Promise<readonly Alert[]> {
  const found = new Map<string, Alert>();
  const add = (alerts: readonly Alert[]) => {
    for (const alert of alerts) found.set(alert.alert_id, alert);
  };
  add((await records.changesSince(0)).alerts);
  for (let offset = 0; ; offset += PAGE) {
    const page = await records.findAlerts({ startTime: secondText(to) }, PAGE, offset);
    add(page);
    if (page.length < PAGE) break;
  }
  return [...found.values()].flatMap((alert) => {
    const led = leadAlertBack(alert, from, to);
    return led === undefined ? [] : [led];
  });
}

/** Undefined: it bears no time that has yet to come. */
function leadAlertBack(alert: Alert, from: number, to: number): Alert | undefined {
  const squeeze = (text: string) => squeezeTime(text, from, to);
  const squeezeAny = (text: string | null) => (text === null ? null : squeeze(text));
  const led = {
    pending_since: squeeze(alert.pending_since),
    triggered_at: squeezeAny(alert.triggered_at),
    resolved_at: squeezeAny(alert.resolved_at),
    recent_changes: alert.recent_changes.map(squeeze),
  };
  const isSame = Object.entries(led).every(
    ([name, value]) => JSON.stringify(value) === JSON.stringify(alert[name as keyof Alert]),
  );
  return isSame ? undefined : { ...alert, ...led };
}

/**
 * A time after the second `to` becomes one within that second, in the same order as before: later than all that is not moved, and earlier than all
 * that is still to come.
 */
export function squeezeTime(text: string, from: number, to: number): string {
  const afterMs = Date.parse(text) - to * 1_000;
  if (afterMs <= 0) return text;
  const share = Math.min(afterMs / (Math.max(from - to, 1) * 1_000), 1);
  const micros = Math.min(1 + Math.floor(share * 999_997), 999_998);
  return `${secondText(to).slice(0, 19)}.${String(micros).padStart(6, "0")}Z`;
}

/** Gives new alerts whose id is another one's, of when the second came for the first time, the id of an earlier second that is free. */
export async function renameRelived(
  effects: CoreEffects,
  records: Pick<AlertRecords, "alert">,
): Promise<{ readonly effects: CoreEffects; readonly renamed: readonly Alert[] }> {
  const names = new Map<string, string>();
  for (const { alert_id: id, rule_id, pending_since, revision } of effects.alerts) {
    if (revision > 0 || (await records.alert(id)) === undefined) continue;
    names.set(id, await freeId(id, rule_id, secondOf(pending_since), records));
  }
  if (names.size === 0) return { effects, renamed: [] };
  const rename = (id: string) => names.get(id) ?? id;
  const renameAlert = (alert: Alert): Alert => ({ ...alert, alert_id: rename(alert.alert_id) });
  const alerts = effects.alerts.map(renameAlert);
  const renamed = alerts.filter((_, i) => names.has(effects.alerts[i]!.alert_id));
  return {
    renamed,
    effects: {
      ...effects,
      alerts,
      history: effects.history.map((entry) => ({ ...entry, alert_id: rename(entry.alert_id) })),
      notifications: effects.notifications.map((one) => ({
        ...one,
        alert_id: rename(one.alert_id),
        notification_id: `${rename(one.alert_id)}${one.notification_id.slice(one.alert_id.length)}`,
        alert: renameAlert(one.alert),
      })),
    },
  };
}

/** The shape of ids stays: after the rule's comes a time, and after that what tells groups apart. */
async function freeId(
  id: string,
  ruleId: string,
  second: number,
  records: Pick<AlertRecords, "alert">,
): Promise<string> {
  const group = id.slice(ruleId.length + "-20261120T120000Z".length);
  for (let earlier = second - 1; ; earlier--) {
    const time = secondText(earlier).slice(0, 19).replaceAll(/[-:]/g, "");
    const free = `${ruleId}-${time}Z${group}`;
    if ((await records.alert(free)) === undefined) return free;
  }
}
