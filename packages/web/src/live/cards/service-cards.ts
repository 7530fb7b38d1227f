// Cards of what a service says about itself and its users: errors, logs, steps, halts, the clock.
import type { StoredEvent } from "../../api/client.ts";
import { durationText } from "../../format/duration-text.ts";
import { titleText } from "../../format/name-text.ts";
import type { Tone } from "../../ui/mark.tsx";
import { customCard, customFacts } from "./custom-card.ts";
import type { EventCard } from "./event-card.ts";
import { cutText, type EventFields, numberField, textField, valueText } from "./field-text.ts";

/** `error_occurred` and `error_event` */
export function errorCard({ event_type, data }: StoredEvent): EventCard {
  const type = textField(data, "error_type") ?? textField(data, "event_name");
  const message = textField(data, "error_message") ?? textField(data, "message") ?? nested(data);
  const source = textField(data, "source");
  return {
    title: event_type === "error_event" ? "Error event" : "Error",
    tone: "error",
    icon: "octagon-alert",
    text: [type, message].filter((part) => part !== undefined && part !== "").join(": ") || "no message",
    facts: source === undefined ? [] : [{ name: "source", text: source }],
  };
}

/** `event_received`, `opportunity_detected`, `risk_passed`, `order_submitted`: steps with the host's own fields. */
export function stepCard(event: StoredEvent): EventCard {
  const card = customCard(event);
  return { ...card, ...(STEPS[event.event_type] ?? {}) };
}

/** `user_action` and `api_event` */
export function userCard({ event_type, data }: StoredEvent): EventCard {
  const duration = numberField(data, "duration_ms");
  const category = textField(data, "event_category");
  const { event_data: details } = data;
  return {
    title: titleText(event_type).replace("Api", "API"),
    tone: "neutral",
    icon: event_type === "api_event" ? "plug" : "user-round",
    text: textField(data, "event_name") ?? "",
    facts: [
      ...(category === undefined ? [] : [{ name: "category", text: category }]),
      ...(duration === undefined ? [] : [{ name: "took", text: durationText(duration) }]),
      ...customFacts(isObject(details) ? details : {}).slice(0, 3),
    ],
  };
}

/** `clock_step` */
export function clockCard({ data }: StoredEvent): EventCard {
  const step = numberField(data, "step_ms");
  const way = step === undefined ? "" : step > 0 ? " forward" : " backward";
  return {
    title: "Clock step",
    tone: "reject",
    icon: "clock-alert",
    text: `The wall clock stepped${way} by ${durationText(step === undefined ? undefined : Math.abs(step))}`,
    facts: [],
  };
}

/** `trading_halted` */
export function haltCard({ data }: StoredEvent): EventCard {
  const code = textField(data, "reason_code");
  return {
    title: "Trading halted",
    tone: "error",
    icon: "octagon-pause",
    text: textField(data, "reason") ?? (code === undefined ? "no reason given" : titleText(code)),
    facts: code === undefined ? [] : [{ name: "reason", text: code }],
  };
}

/** `records_dropped` */
export function droppedCard({ data }: StoredEvent): EventCard {
  const count = textField(data, "count") ?? "Some";
  const reason = textField(data, "reason");
  return {
    title: "Records dropped",
    tone: "error",
    icon: "unplug",
    text: `${count} records are missing${reason === undefined ? "" : `: ${reason}`}`,
    facts: customFacts({ first_seq: data["first_seq"], last_seq: data["last_seq"] }),
  };
}

/** `log`: a record of a logger, with its severity. */
export function logCard({ severity_number: severity, data }: StoredEvent): EventCard {
  const { body, severity_text: word, ...rest } = data;
  return {
    title: `Log ${severityName(severity, word)}`.trim(),
    tone: severityTone(severity),
    icon: "scroll-text",
    text: body === undefined ? "no text" : typeof body === "string" ? cutText(body) : valueText(body),
    facts: customFacts(rest).slice(0, 4),
  };
}

/** The tone of an OpenTelemetry severity number. */
function severityTone(severity: number): Tone {
  return severity >= 17 ? "error" : severity >= 13 ? "reject" : "neutral";
}

const SEVERITIES = ["trace", "debug", "info", "warning", "error", "fatal"];

function severityName(severity: number, word: unknown): string {
  if (severity >= 1 && severity <= 24) return SEVERITIES[Math.floor((severity - 1) / 4)] as string;
  return typeof word === "string" ? cutText(word, 12).toLowerCase() : "";
}

const STEPS: Readonly<Record<string, Pick<EventCard, "icon" | "tone">>> = {
  event_received: { icon: "inbox", tone: "neutral" },
  opportunity_detected: { icon: "lightbulb", tone: "info" },
  risk_passed: { icon: "shield-check", tone: "accept" },
  order_submitted: { icon: "send", tone: "info" },
};

function nested(data: EventFields): string | undefined {
  const details = data["event_data"];
  if (!isObject(details)) return undefined;
  return textField(details, "error_message") ?? textField(details, "message");
}

function isObject(value: unknown): value is EventFields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
