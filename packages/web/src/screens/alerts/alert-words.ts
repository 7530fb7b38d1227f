// Alerts in words, and the order in which they are read: the worst first.
import type { Alert, AlertHistoryEntry, AlertSeverity } from "../../api/client.ts";
import type { Tone } from "../../ui/mark.tsx";

/** The worst first. */
export const SEVERITIES: readonly AlertSeverity[] = ["critical", "error", "warning", "info"];

/** What there is to choose from in the history. */
export const STATES: readonly Alert["state"][] = ["firing", "acknowledged", "resolved", "pending"];

/** The worst first, what nobody has seen before what somebody has, the newest first. */
export function worstFirst(alerts: readonly Alert[]): readonly Alert[] {
  const rank = ({ severity, state }: Alert) => SEVERITIES.indexOf(severity) * 2 + (state === "firing" ? 0 : 1);
  return [...alerts].sort((a, b) => rank(a) - rank(b) || (beganAt(a) < beganAt(b) ? 1 : -1));
}

/** When it fired, or when its condition began to hold. */
export function beganAt({ triggered_at: fired, pending_since: pending }: Alert): string {
  return fired ?? pending;
}

/** Its figures: `15 now, 22 at worst, threshold 10`; empty where it has none. */
export function figuresOf({ value, peak_value: peak, threshold, state }: Alert): string {
  return [
    value === null || state === "resolved" ? "" : `${figureText(value)} now`,
    peak === null || (peak === value && state !== "resolved") ? "" : `${figureText(peak)} at worst`,
    threshold === null ? "" : `threshold ${figureText(threshold)}`,
  ]
    .filter((part) => part !== "")
    .join(", ");
}

/** A figure of an alert, to six digits. */
export function figureText(value: number): string {
  return new Intl.NumberFormat("en", { maximumSignificantDigits: 6 }).format(value).replace("-", "−");
}

/** The tone of a state. */
export function stateTone(state: Alert["state"]): Tone {
  return state === "firing" ? "error" : state === "resolved" ? "accept" : state === "pending" ? "neutral" : "info";
}

/** What an entry of the history says: `ada acknowledged it`, `It fired`. */
export function changeText({ change, changed_by: by, note }: AlertHistoryEntry): string {
  const who = by ?? "";
  switch (change) {
    case "pending":
      return "The condition began to hold";
    case "firing":
      return "It fired";
    case "acknowledged":
      return `${who} acknowledged it`;
    case "assigned":
      return note === null ? `${who} assigned it to nobody` : `${who} assigned it to ${note}`;
    case "commented":
      return `${who} wrote`;
    case "impact":
      return `${who} wrote what it does to the business`;
    case "resolved":
      return by === null ? "The condition ended" : `${who} resolved it`;
    case "reopened":
      return "It fired again";
    case "escalated":
      return "Nobody had acknowledged it: escalated";
    case "flapping":
      return "It changes too often: quiet until it is stable";
    case "stable":
      return "It is stable again";
    case "silenced":
      return "A silence keeps it quiet";
    case "unsilenced":
      return "The silence has ended";
  }
}

/** `2 h 5 min` between two times; what has not ended goes on until now. */
export function lastedText(from: string, to: string | null, nowMs: number): string {
  const seconds = Math.max(0, Math.round(((to === null ? nowMs : Date.parse(to)) - Date.parse(from)) / 1_000));
  if (!Number.isFinite(seconds)) return "–";
  const parts = [
    [Math.floor(seconds / 86_400), "d"],
    [Math.floor((seconds % 86_400) / 3_600), "h"],
    [Math.floor((seconds % 3_600) / 60), "min"],
    [seconds % 60, "s"],
  ] as const;
  const first = parts.findIndex(([count]) => count > 0);
  if (first < 0) return "0 s";
  return parts
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(" ");
}
