// Decides who is told of an alert.
import type { NotificationSeverity } from "../channels/notification-message.ts";
import type { Escalation, NotificationConfig, Receivers, Route } from "./notification-config.ts";

/** What routes look at. */
export interface RoutedAlert {
  readonly rule_id: string;
  readonly rule_name: string;
  readonly severity: NotificationSeverity;
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * The channels of the first route that matches, and of those after it while they say `continue`; of the alert's team when none does; of the
 * default when there is no such team. The escalation is the first that is found on the same way.
 */
export function routeAlert(config: NotificationConfig, alert: RoutedAlert): Receivers {
  const taken: Receivers[] = [];
  for (const route of config.routes) {
    if (!matches(route, alert)) continue;
    taken.push(route);
    if (!route.goesOn) break;
  }
  const team = config.teams.get(alert.labels["team"] ?? "");
  if (taken.length === 0 && team !== undefined) taken.push(team);
  if (taken.length === 0 && config.defaultRoute !== undefined) taken.push(config.defaultRoute);
  const escalations = [...taken, team, config.defaultRoute].flatMap((one): readonly Escalation[] =>
    one?.escalation === undefined ? [] : [one.escalation],
  );
  return { channels: [...new Set(taken.flatMap(({ channels }) => channels))], escalation: escalations[0] };
}

function matches(route: Route, alert: RoutedAlert): boolean {
  const { labels, team, severities } = route;
  if (!severities.includes(alert.severity) || (team !== undefined && alert.labels["team"] !== team)) return false;
  const all: Readonly<Record<string, string>> = {
    ...alert.labels,
    rule_name: alert.rule_name,
    rule_id: alert.rule_id,
    severity: alert.severity,
  };
  return Object.entries(labels).every(
    ([name, pattern]) => Object.hasOwn(all, name) && matchesPattern(pattern, all[name]!),
  );
}

/** `*` stands for anything. Linear in the text for each star: the parts between stars are looked for from left to right. */
function matchesPattern(pattern: string, text: string): boolean {
  const [first = "", ...rest] = pattern.split("*");
  const last = rest.pop();
  if (last === undefined) return pattern === text;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}
