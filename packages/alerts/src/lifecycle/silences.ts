// Which silence keeps an alert quiet.
import type { Alert, AlertSilence } from "./alert.ts";

/** The silence, of those given, that is about the alert at `time`; the one that ends last. */
export function silenceOf(alert: Alert, silences: readonly AlertSilence[], time: string): AlertSilence | undefined {
  const labels: Readonly<Record<string, string>> = {
    ...alert.labels,
    rule_id: alert.rule_id,
    rule_name: alert.rule_name,
    rule_type: alert.rule_type,
    severity: alert.severity,
  };
  let longest: AlertSilence | undefined;
  for (const silence of silences) {
    if (silence.starts_at > time || silence.ends_at <= time) continue;
    if (longest !== undefined && longest.ends_at >= silence.ends_at) continue;
    const matchers = Object.entries(silence.matchers);
    // One that matches nothing in particular would keep everything quiet by mistake.
    if (matchers.length > 0 && matchers.every(([label, pattern]) => isMatch(labels[label], pattern))) longest = silence;
  }
  return longest;
}

/** `*` stands for anything. Without regular expressions: theirs may take for ever. */
function isMatch(value: string | undefined, pattern: string): boolean {
  if (value === undefined) return false;
  const parts = pattern.split("*");
  if (parts.length === 1) return value === pattern;
  const first = parts[0]!;
  const last = parts.at(-1)!;
  if (value.length < first.length + last.length || !value.startsWith(first) || !value.endsWith(last)) return false;
  let from = first.length;
  const end = value.length - last.length;
  for (const part of parts.slice(1, -1)) {
    const place = value.indexOf(part, from);
    if (place < 0 || place + part.length > end) return false;
    from = place + part.length;
  }
  return true;
}
