// What people do with alerts: acknowledge, assign, resolve, comment, silence.
import { randomUUID } from "node:crypto";
import { type AlertRecords, StoreError } from "@tracebook/store";
import type { Alert, AlertChange, AlertSilence } from "./alert.ts";
import { timeText } from "./alert-times.ts";
import { AlertDeskError } from "./desk-error.ts";
import { createNotifications } from "./notifications.ts";

/** What a silence is to be. */
export interface SilenceRequest {
  /** At least one; `*` in a value stands for anything. */
  readonly matchers: { readonly [label: string]: string };
  /** As `2026-11-20T12:34:56Z`; at most a year from now. */
  readonly until: string;
  readonly by: string;
  readonly reason: string;
}

/** The desk. All reject with `AlertDeskError` for what cannot be done, and with `StoreError` where the store cannot write it. */
export interface AlertDesk {
  /** Somebody has seen it: escalation ends. One that is acknowledged already stays so. */
  acknowledge(alertId: string, by: string, note?: string): Promise<Alert>;
  /** Who is to look into it; null: nobody. */
  assign(alertId: string, to: string | null, by: string): Promise<Alert>;
  /** It is over. Nothing fires before the condition has ended and come back. */
  resolve(alertId: string, by: string, note: string): Promise<Alert>;
  comment(alertId: string, by: string, text: string): Promise<Alert>;
  /** What it does to the business. */
  setImpact(alertId: string, impact: string, by: string): Promise<Alert>;
  /** Alerts that match are not notified until it ends; those that fire then are. */
  silence(request: SilenceRequest): Promise<AlertSilence>;
  unsilence(silenceId: string): Promise<AlertSilence>;
}

/** What a desk works on. */
export interface AlertDeskOptions {
  readonly records: AlertRecords;
  /** Milliseconds since 1970; default: the machine's clock. */
  readonly nowMs?: (() => number) | undefined;
}

/** What an action makes of an alert. */
interface Action {
  readonly change: AlertChange;
  readonly changes: Partial<Alert>;
  readonly note: string | null;
  readonly isNotified?: boolean;
}

/** An action and the engine may meet; as often as this is never by chance. */
const MAX_TRIES = 8;
const MAX_TEXT = 4_000;
const MAX_MATCHERS = 16;
const MAX_SILENCE_MS = 366 * 86_400_000;

/**
 * Makes the desk.
 *
 * @example
 * await createAlertDesk({ records: store.alerts }).acknowledge(alertId, "ada");
 */
export function createAlertDesk({ records, nowMs = () => Date.now() }: AlertDeskOptions): AlertDesk {
  const desk = new Desk(records, nowMs);
  return {
    acknowledge: (alertId, by, note) => desk.acknowledge(alertId, by, note ?? null),
    assign: (alertId, to, by) => desk.assign(alertId, to, by),
    resolve: (alertId, by, note) => desk.resolve(alertId, by, note),
    comment: (alertId, by, text) => desk.comment(alertId, by, text),
    setImpact: (alertId, impact, by) => desk.setImpact(alertId, impact, by),
    silence: (request) => desk.silence(request),
    unsilence: (silenceId) => desk.unsilence(silenceId),
  };
}

class Desk {
  readonly #records: AlertRecords;
  readonly #nowMs: () => number;

  constructor(records: AlertRecords, nowMs: () => number) {
    this.#records = records;
    this.#nowMs = nowMs;
  }

  acknowledge(alertId: string, by: string, note: string | null): Promise<Alert> {
    return this.#act(alertId, by, (alert, time) => {
      if (alert.state === "acknowledged") return undefined;
      mustFire(alert);
      const changes = { state: "acknowledged", acknowledged_at: time, acknowledged_by: by } as const;
      return { change: "acknowledged", changes, note, isNotified: true };
    });
  }

  assign(alertId: string, to: string | null, by: string): Promise<Alert> {
    if (to !== null) checkText("The one it is assigned to", to);
    return this.#act(alertId, by, (alert) =>
      alert.assigned_to === to ? undefined : { change: "assigned", changes: { assigned_to: to }, note: to },
    );
  }

  resolve(alertId: string, by: string, note: string): Promise<Alert> {
    checkText("The note", note);
    return this.#act(alertId, by, (alert, time) => {
      if (alert.state === "resolved") return undefined;
      mustFire(alert);
      const state = { state: "resolved", status: "resolved", resolved_at: time } as const;
      const changes = { ...state, resolved_by: by, resolution_note: note, condition_holds: true };
      return { change: "resolved", changes, note, isNotified: true };
    });
  }

  comment(alertId: string, by: string, text: string): Promise<Alert> {
    checkText("The comment", text);
    return this.#act(alertId, by, () => ({ change: "commented", changes: {}, note: text }));
  }

  setImpact(alertId: string, impact: string, by: string): Promise<Alert> {
    checkText("The impact", impact);
    return this.#act(alertId, by, () => ({ change: "impact", changes: { impact }, note: impact }));
  }

  async silence({ matchers, until, by, reason }: SilenceRequest): Promise<AlertSilence> {
    checkText("The name of who silences", by);
    checkText("The reason", reason);
    const entries = Object.entries(matchers);
    if (entries.length === 0 || entries.length > MAX_MATCHERS)
      throw new AlertDeskError("invalid_action", `A silence has 1 to ${MAX_MATCHERS} matchers, not ${entries.length}.`);
    for (const [label, value] of entries) {
      checkText("A label", label);
      checkText(`The matcher of ${label}`, value);
    }
    const now = this.#nowMs();
    const end = Date.parse(until);
    if (!(end > now && end <= now + MAX_SILENCE_MS))
      throw new AlertDeskError(
        "invalid_action",
        `The end is ${until}; it must be after ${timeText(now)}, by a year at most.`,
      );
    const silence: AlertSilence = {
      silence_id: randomUUID(),
      matchers: Object.fromEntries(entries),
      starts_at: timeText(now),
      ends_at: timeText(end),
      created_by: by,
      reason,
      revision: 0,
    };
    const revision = await this.#records.commit({ silences: [silence] });
    return { ...silence, revision };
  }

  async unsilence(silenceId: string): Promise<AlertSilence> {
    const now = timeText(this.#nowMs());
    const silence = (await this.#records.silences(now)).find((one) => one.silence_id === silenceId);
    if (silence === undefined)
      throw new AlertDeskError("silence_not_found", `There is no silence ${silenceId} that has not ended.`);
    const ended = { ...silence, ends_at: now };
    const revision = await this.#records.commit({ silences: [ended] });
    return { ...ended, revision };
  }

  /** Again, when the engine has changed the alert meanwhile. `plan` answers undefined where there is nothing to do. */
  async #act(alertId: string, by: string, plan: (alert: Alert, time: string) => Action | undefined): Promise<Alert> {
    checkText("The name of who does it", by);
    for (let tries = 1; ; tries++) {
      const alert = await this.#records.alert(alertId);
      if (alert === undefined) throw new AlertDeskError("alert_not_found", `There is no alert ${alertId}.`);
      const time = timeText(this.#nowMs());
      const action = plan(alert, time);
      if (action === undefined) return alert;
      try {
        return await this.#commit(alert, action, by, time);
      } catch (error) {
        if (!(error instanceof StoreError) || error.code !== "alert_conflict" || tries >= MAX_TRIES) throw error;
      }
    }
  }

  async #commit(
    before: Alert,
    { change, changes, note, isNotified }: Action,
    by: string,
    time: string,
  ): Promise<Alert> {
    let alert: Alert = { ...before, ...changes };
    const rule = isNotified === true ? await this.#records.rule(alert.rule_id) : undefined;
    // Whoever was not told that it fires is not told what becomes of it.
    const isTold =
      isNotified === true && alert.silence_id === null && !alert.is_flapping && alert.notified_state === "firing";
    if (isTold)
      alert = {
        ...alert,
        notified_state: alert.state === "resolved" ? "resolved" : "firing",
        notification_count: alert.notification_count + 1,
      };
    const told = rule ?? { notification_channels: [], notification_config: {} };
    const revision = await this.#records.commit({
      alerts: [{ alert, expectedRevision: before.revision }],
      history: [{ alert_id: alert.alert_id, changed_at: time, change, changed_by: by, note }],
      notifications: isTold ? createNotifications(alert, change, told, time) : [],
    });
    return { ...alert, revision };
  }
}

function mustFire({ alert_id, state }: Alert): void {
  if (state !== "firing" && state !== "acknowledged")
    throw new AlertDeskError("alert_not_firing", `The alert ${alert_id} is ${state}.`);
}

function checkText(what: string, text: unknown): void {
  if (typeof text === "string" && text.trim() !== "" && text.length <= MAX_TEXT) return;
  throw new AlertDeskError("invalid_action", `${what} must be a text of 1 to ${MAX_TEXT} characters.`);
}
