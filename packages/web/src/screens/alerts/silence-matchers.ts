// Which alerts a silence is about: labels with values, of which `*` stands for anything, all of which must match.
import type { Alert } from "../../api/client.ts";

/** A row of the form; what is empty is not written yet. */
export interface MatcherRow {
  readonly label: string;
  readonly value: string;
}

/** The matchers of a silence. */
export type Matchers = Readonly<Record<string, string>>;

/** The rows to begin with for an alert: its rule, and its group where the rule makes groups. */
export function rowsFor({ rule_id, labels }: Alert, group: readonly string[]): readonly MatcherRow[] {
  // An empty value cannot be asked for: whoever wants one without the label writes other rows.
  const own = group.map((label) => ({ label, value: labels[label] ?? "" })).filter(({ value }) => value !== "");
  return [{ label: "rule_id", value: rule_id }, ...own];
}

/** The matchers of rows, or what is wrong with them. */
export function matchersOf(rows: readonly MatcherRow[]): Matchers | string {
  const written = rows.map(({ label, value }) => [label.trim(), value.trim()] as const);
  const half = written.find(([label, value]) => (label === "") !== (value === ""));
  if (half !== undefined)
    return half[0] === "" ? `Say which label is ${half[1]}.` : `Say what ${half[0]} is; * is anything.`;
  const whole = written.filter(([label]) => label !== "");
  if (whole.length === 0) return "Say of which alerts: one label at least.";
  const twice = whole.find(([label], i) => whole.findIndex(([other]) => other === label) !== i);
  return twice === undefined ? Object.fromEntries(whole) : `${twice[0]} is there twice: all rows must match.`;
}

/** Whether a silence with these matchers keeps an alert quiet. */
export function isHushed(alert: Alert, matchers: Matchers): boolean {
  const labels = labelsOf(alert);
  return Object.entries(matchers).every(([label, pattern]) => isMatch(labels[label], pattern));
}

/** The labels of alerts and their values, for choosing from. */
export function knownValues(alerts: readonly Alert[]): ReadonlyMap<string, readonly string[]> {
  const known = new Map<string, Set<string>>();
  for (const alert of alerts)
    for (const [label, value] of Object.entries(labelsOf(alert)))
      known.set(label, (known.get(label) ?? new Set<string>()).add(value));
  return new Map([...known].map(([label, values]) => [label, [...values].filter((value) => value !== "").sort()]));
}

/** What every alert can be asked by, before its own labels. */
function labelsOf({ labels, rule_id, rule_name, rule_type, severity }: Alert): Readonly<Record<string, string>> {
  return { ...labels, rule_id, rule_name, rule_type, severity };
}

/** `*` stands for anything, an empty text included; everything else for itself. */
function isMatch(value: string | undefined, pattern: string): boolean {
  if (value === undefined) return false;
  const [first = "", ...rest] = pattern.split("*");
  const last = rest.pop();
  if (last === undefined) return value === pattern;
  if (value.length < first.length + last.length || !value.startsWith(first) || !value.endsWith(last)) return false;
  const middle = value.slice(first.length, value.length - last.length);
  let from = 0;
  for (const part of rest) {
    const place = middle.indexOf(part, from);
    if (place < 0) return false;
    from = place + part.length;
  }
  return true;
}
