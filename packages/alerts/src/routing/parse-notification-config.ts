// Reads the configuration of notifications: channels, teams, routes. All that is wrong is told at once.
import { parseDocument } from "yaml";
import { AlertChannelError } from "../channels/errors.ts";
import { SEVERITIES } from "../channels/notification-message.ts";
import { nearestName } from "../rules/nearest-name.ts";
import { createChannel } from "./create-channels.ts";
import type { ChannelSettings, Escalation, NotificationConfig, Receivers, Route } from "./notification-config.ts";
import { parseChannelSettings } from "./parse-channel-settings.ts";
import { type SettingContext, SettingReader } from "./setting-reader.ts";

/** Where references lead. */
export interface NotificationConfigOptions {
  /** What `${NAME}` in a setting is replaced by. Default: nothing has a value. */
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined;
}

const DEFAULT_ESCALATION_MINUTES = 30;
const MAX_UNITS = 1_048_576;
const ROUTE_FIELDS = ["labels", "team", "severities", "min_severity", "channels", "escalation", "continue"];

/**
 * Reads a configuration that is data or YAML. Throws an {@link AlertChannelError} that names everything that is wrong, by place, without secrets.
 *
 * ```yaml
 * channels:
 *   email: { host: smtp.company.com, user: ops, password: "${SMTP_PASSWORD}", from: alerts@company.com, to: [ops-team@company.com] }
 *   slack: { webhook_url: "${SLACK_WEBHOOK_URL}" }
 *   pager: { kind: pagerduty, routing_key: "${PAGERDUTY_ROUTING_KEY}", region: eu }
 * teams:
 *   trading: { channels: [slack], escalation: { after_minutes: 30, to: [pager] } }
 * routes:
 *   - { min_severity: critical, channels: [pager], continue: true }
 * default: { channels: [email] }
 * desk_url: https://desk.company.com
 * ```
 */
export function parseNotificationConfig(value: unknown, options: NotificationConfigOptions = {}): NotificationConfig {
  const context: SettingContext = { environment: options.environment ?? {}, problems: [] };
  const known = ["channels", "teams", "routes", "default", "desk_url", "allowed_hosts"];
  const reader = new SettingReader(typeof value === "string" ? fromYaml(value) : value, "", known, context);
  const channels = readChannels(reader, context);
  const names = [...channels.keys()];
  const teamReader = reader.inner("teams");
  const teams = new Map(
    (teamReader?.names() ?? []).map((name) => [
      name,
      readReceivers(teamReader!.inner(name, ["channels", "escalation"]), names),
    ]),
  );
  const fallback = reader.inner("default", ["channels", "escalation"]);
  const config: NotificationConfig = {
    channels,
    teams,
    routes: readRoutes(reader, context, names, teams),
    defaultRoute: fallback === undefined ? undefined : readReceivers(fallback, names),
    deskUrl: readDeskUrl(reader),
  };
  throwProblems(context.problems);
  return config;
}

function fromYaml(text: string): unknown {
  if (text.length > MAX_UNITS)
    throw new AlertChannelError(
      "invalid_notifications",
      `The text has ${text.length} characters; at most ${MAX_UNITS}.`,
    );
  // The text of an error repeats lines of the file, and a line may hold a secret: only the place is told.
  const document = parseDocument(text, { prettyErrors: true, uniqueKeys: true });
  const [error] = document.errors;
  if (error === undefined) {
    try {
      return document.toJS({ maxAliasCount: 100 });
    } catch {
      // Of a hundred aliases a small text becomes a large value.
      throw new AlertChannelError(
        "invalid_notifications",
        "The text has more than 100 aliases (`*name`): write them out.",
      );
    }
  }
  const [start] = error.linePos ?? [];
  throw new AlertChannelError(
    "invalid_notifications",
    `The text is no YAML: ${error.code} in line ${start?.line ?? "?"}, column ${start?.col ?? "?"}.`,
  );
}

function readChannels(reader: SettingReader, context: SettingContext): ReadonlyMap<string, ChannelSettings> {
  const channels = new Map<string, ChannelSettings>();
  const allowedHosts = reader.has("allowed_hosts") ? reader.list("allowed_hosts") : undefined;
  const inner = reader.inner("channels");
  if (inner === undefined) reader.refuse("channels", "is missing; name at least one channel");
  for (const name of inner?.names() ?? []) {
    if (!/^[A-Za-z0-9._-]{1,64}$/.test(name) || name === "default") {
      inner?.refuse(
        name,
        "is no name of a channel: 1 to 64 letters, digits, dots, underscores, hyphens, and not default",
      );
      continue;
    }
    const before = context.problems.length;
    const settings = parseChannelSettings(inner?.raw(name), name, context, allowedHosts);
    channels.set(name, settings);
    if (context.problems.length === before) tryToMake(settings, context);
  }
  return channels;
}

/** A channel knows best what it cannot work with: a target that is private, an address that is none. */
function tryToMake(settings: ChannelSettings, context: SettingContext): void {
  try {
    createChannel(settings);
  } catch (error) {
    if (!(error instanceof AlertChannelError)) throw error;
    context.problems.push(`channels.${settings.name}: ${error.problem}`);
  }
}

function readRoutes(
  reader: SettingReader,
  context: SettingContext,
  names: readonly string[],
  teams: ReadonlyMap<string, Receivers>,
): readonly Route[] {
  if (!reader.has("routes")) return [];
  const given = reader.raw("routes");
  if (!Array.isArray(given)) {
    reader.refuse("routes", "must be a list");
    return [];
  }
  return given.map((value, i) => {
    const route = new SettingReader(value, `routes[${i}]`, ROUTE_FIELDS, context);
    const team = route.text("team");
    const members = team === undefined ? undefined : teams.get(team);
    if (team !== undefined && members === undefined)
      route.refuse("team", `is ${JSON.stringify(team)}, a team that is not there${known([...teams.keys()])}`);
    const own = readReceivers(route, names, members);
    const severities = readSeverities(route);
    return { ...own, labels: route.texts("labels"), team, severities, goesOn: route.flag("continue") };
  });
}

function readSeverities(route: SettingReader): Route["severities"] {
  const listed = route.list("severities");
  const wrong = listed.find((one) => !SEVERITIES.some((severity) => severity === one));
  if (wrong !== undefined)
    route.refuse(
      "severities",
      `has ${JSON.stringify(wrong)}; they can be ${SEVERITIES.join(", ")}${meant(wrong, SEVERITIES)}`,
    );
  const least = SEVERITIES.indexOf(route.word("min_severity", SEVERITIES, "info"));
  return SEVERITIES.filter((one, i) => i >= least && (listed.length === 0 || listed.includes(one)));
}

/** `channels` and `escalation`; of a route that has none, those of its team. */
function readReceivers(reader: SettingReader | undefined, names: readonly string[], team?: Receivers): Receivers {
  if (reader === undefined) return { channels: [], escalation: undefined };
  const channels = reader.has("channels") ? readNames(reader, "channels", names) : (team?.channels ?? []);
  if (channels.length === 0) reader.refuse("channels", `must name at least one channel${known(names)}`);
  return { channels, escalation: readEscalation(reader, names) ?? team?.escalation };
}

function readEscalation(reader: SettingReader, names: readonly string[]): Escalation | undefined {
  const inner = reader.inner("escalation", ["after_minutes", "min_severity", "to", "steps", "repeat"]);
  if (inner === undefined) return undefined;
  if (inner.has("to") === inner.has("steps"))
    inner.refuse("", 'needs either "to", a list of channels, or "steps", a list of such lists');
  const count = Array.isArray(inner.raw("steps")) ? (inner.raw("steps") as unknown[]).length : 0;
  const steps = inner.has("to")
    ? [readNames(inner, "to", names)]
    : Array.from({ length: Math.min(count, 100) }, (_, i) =>
        checkNames(inner, `steps[${i}]`, inner.listAt("steps", i), names),
      );
  if (steps.length === 0 || steps.some((step) => step.length === 0)) inner.refuse("", "has a step without a channel");
  return {
    afterMinutes: inner.number("after_minutes", 1, 10_080) ?? DEFAULT_ESCALATION_MINUTES,
    minSeverity: inner.word("min_severity", SEVERITIES, "warning"),
    steps,
    repeat: Math.floor(inner.number("repeat", 0, 100) ?? 0),
  };
}

function readNames(reader: SettingReader, field: string, names: readonly string[]): readonly string[] {
  return checkNames(reader, field, reader.list(field), names);
}

function checkNames(
  reader: SettingReader,
  field: string,
  given: readonly string[],
  names: readonly string[],
): readonly string[] {
  for (const name of given)
    if (!names.includes(name))
      reader.refuse(
        field,
        `names ${JSON.stringify(name.slice(0, 64))}, a channel that is not there${meant(name, names)}${known(names)}`,
      );
  return [...new Set(given)];
}

function readDeskUrl(reader: SettingReader): string | undefined {
  const text = reader.text("desk_url");
  if (text === undefined || (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol))) return text;
  reader.refuse("desk_url", "is no http or https URL");
  return undefined;
}

function meant(name: string, names: readonly string[]): string {
  const near = nearestName(name, names);
  return near === undefined ? "" : `, did you mean "${near}"?`;
}

function known(names: readonly string[]): string {
  return names.length === 0 ? "" : `; there are ${names.slice(0, 20).join(", ")}`;
}

function throwProblems(problems: readonly string[]): void {
  if (problems.length > 0) throw new AlertChannelError("invalid_notifications", problems.join("\n"));
}
