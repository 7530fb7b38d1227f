// Decides which steps of an escalation are due: computed from what is stored, so that a restart changes nothing.
import { SEVERITIES } from "../channels/notification-message.ts";
import type { Escalation } from "./notification-config.ts";

/** What escalation looks at, as the store has it. */
export interface EscalatedAlert {
  readonly alert_id: string;
  readonly state: string;
  readonly severity: (typeof SEVERITIES)[number];
  /** When it fired, the last time; null: it has not. */
  readonly triggered_at: string | null;
  /** A silenced alert calls nobody. */
  readonly silence_id: string | null;
}

/** A step whose time has come. */
export interface EscalationStep {
  /** 1 for the first; goes on counting when the steps are repeated. */
  readonly number: number;
  readonly channels: readonly string[];
  /** When it was due, in milliseconds since 1970. */
  readonly dueMs: number;
  /** The same for the same step of the same firing of the same alert, whoever computes it. */
  readonly key: string;
}

/** All steps that are due by `nowMs`, in order, those that were taken long ago included: the key tells which are new. */
export function dueSteps(escalation: Escalation, alert: EscalatedAlert, nowMs: number): readonly EscalationStep[] {
  const { afterMinutes, minSeverity, steps, repeat } = escalation;
  const isLoud = SEVERITIES.indexOf(alert.severity) >= SEVERITIES.indexOf(minSeverity);
  if (alert.state !== "firing" || alert.triggered_at === null || alert.silence_id !== null || !isLoud) return [];
  const firedMs = Date.parse(alert.triggered_at);
  const passed = Math.floor((nowMs - firedMs) / (afterMinutes * 60_000));
  const count = Math.max(0, Math.min(passed, steps.length * (repeat + 1)));
  return Array.from({ length: count }, (_, i) => ({
    number: i + 1,
    channels: steps[i % steps.length]!,
    dueMs: firedMs + (i + 1) * afterMinutes * 60_000,
    key: `${alert.alert_id}:escalated:${alert.triggered_at}:${i + 1}`,
  }));
}
