// The settings of the desk: variables, ranges and defaults.
import { z } from "@hono/zod-openapi";
import { storeLocationOf } from "@tracebook/store";
import { cardSchema } from "./api/desk-routes.ts";
import { defineSetting } from "./config-setting.ts";
import type { DeskCard, GivenData, KeepDays } from "./desk-options.ts";
import { isListenHost, parseAllowedHost } from "./http/host-names.ts";

const MAX_DAYS = 36_500;
const MAX_CARDS = 500;
const MAX_HOSTS = 100;
const MAX_RULES = 5_000;
const TOKEN = /^[\x21-\x7e]{16,512}$/;
const BASE_PATH = /^(?:\/[A-Za-z0-9._~-]{1,64}){0,8}$/;
const LOOPBACK = "127.0.0.1";

const cards = z.record(z.string().min(1).max(256), cardSchema).refine((all) => Object.keys(all).length <= MAX_CARDS);

/** Whether a text may be a path of the page's files within a URL: empty, or `/a/b`. */
export function isBasePath(value: unknown): value is string {
  return typeof value === "string" && BASE_PATH.test(value) && !/\/\.{1,2}(?:\/|$)/.test(value);
}

/** By the name of the option. */
export const DESK_SETTINGS = {
  path: defineSetting<string>({
    variable: "TELEMETRY_STORE_PATH",
    expected: "the name of a file, postgres://user:password@host/database or http://user:password@host:8123/database",
    fallback: "./telemetry/telemetry.db",
    accepts: isFileName,
    fromText: (text) => (isFileName(text) ? text : undefined),
    toText: (place) => storeLocationOf(place).shown,
  }),
  storeUser: defineSetting<string | undefined>({
    variable: "TELEMETRY_STORE_USER",
    expected: "a user of ClickHouse, where the URL names none",
    fallback: undefined,
    accepts: isFileName,
    fromText: (text) => (isFileName(text) ? text : undefined),
    toText: (user) => user ?? "none",
  }),
  storePassword: defineSetting<string | undefined>({
    variable: "TELEMETRY_STORE_PASSWORD",
    expected: "the password of that user",
    fallback: undefined,
    accepts: isFileName,
    fromText: (text) => (isFileName(text) ? text : undefined),
    toText: (password) => (password === undefined ? "none" : "***"),
    isSecret: true,
  }),
  alertsPath: defineSetting<string>({
    variable: "TELEMETRY_ALERTS_STORE_PATH",
    expected:
      "the name of a file, or postgres://user:password@host/database: where alerts are kept when `path` is ClickHouse",
    fallback: "./telemetry/alerts.db",
    accepts: isFileName,
    fromText: (text) => (isFileName(text) ? text : undefined),
    toText: (place) => storeLocationOf(place).shown,
  }),
  journalDir: defineSetting<string | undefined>({
    expected: "the name of a folder",
    fallback: undefined,
    accepts: isFileName,
    toText: (dir) => dir ?? "none",
  }),
  host: defineSetting<string>({
    variable: "TELEMETRY_DESK_HOST",
    expected: "a name or an address without a port",
    fallback: LOOPBACK,
    accepts: (value): value is string => typeof value === "string" && isListenHost(value),
    fromText: (text) => (isListenHost(text) ? text : undefined),
  }),
  port: defineSetting<number | false>({
    variable: "TELEMETRY_DESK_PORT",
    expected: "a port from 0 to 65535",
    fallback: 8790,
    accepts: (value): value is number | false => value === false || isPort(value),
    fromText: (text) => (/^\d{1,5}$/.test(text) && isPort(Number(text)) ? Number(text) : undefined),
    toText: (port) => (port === false ? "none" : String(port)),
  }),
  token: defineSetting<string | undefined>({
    variable: "TELEMETRY_DESK_TOKEN",
    expected: "16 to 512 visible ASCII characters",
    fallback: undefined,
    accepts: (value): value is string => typeof value === "string" && TOKEN.test(value),
    fromText: (text) => (TOKEN.test(text) ? text : undefined),
    toText: (token) => (token === undefined ? "none" : "***"),
    isSecret: true,
  }),
  allowedHosts: defineSetting<readonly string[]>({
    variable: "TELEMETRY_DESK_ALLOWED_HOSTS",
    expected: "a list of at most 100 names such as desk.example.com or bot.internal:8080",
    fallback: [],
    accepts: areHosts,
    fromText: (text) => asHosts(text.split(",").map((name) => name.trim())),
    toText: (hosts) => hosts.join(", ") || "none",
  }),
  basePath: defineSetting<string>({
    expected: "a path such as /desk, without a slash at its end",
    fallback: "",
    accepts: isBasePath,
    toText: (path) => path || "none",
  }),
  title: defineSetting<string>({
    expected: "1 to 80 printable characters",
    fallback: "Tracebook",
    accepts: (value): value is string => typeof value === "string" && /^[^\p{C}\p{Zl}\p{Zp}]{1,80}$/u.test(value),
  }),
  cards: defineSetting<Readonly<Record<string, DeskCard>>>({
    expected: "an object of at most 500 cards, each with a title, and with icon, tone, text and fields where it wants",
    fallback: {},
    accepts: (value): value is Readonly<Record<string, DeskCard>> => cards.safeParse(value).success,
    toText: (all) => `${Object.keys(all).length} cards`,
  }),
  eventsRetentionDays: keepDays("TELEMETRY_EVENTS_RETENTION_DAYS", "forever"),
  tracesRetentionDays: keepDays("TELEMETRY_TRACES_RETENTION_DAYS", 30),
  metricsRetentionDays: keepDays("TELEMETRY_METRICS_RETENTION_DAYS", 180),
  alerts: defineSetting<boolean>({
    variable: "TELEMETRY_ALERTS",
    expected: "true or false",
    fallback: true,
    accepts: isBoolean,
    fromText: toBoolean,
  }),
  alertRules: defineSetting<readonly GivenData[]>({
    expected: "a list of at most 5000 rules",
    fallback: [],
    accepts: (value): value is readonly GivenData[] =>
      Array.isArray(value) && value.length <= MAX_RULES && value.every(isData),
    toText: (rules) => (rules.length === 0 ? "none" : `${rules.length} rules`),
  }),
  alertRulesFile: defineSetting<string | undefined>({
    variable: "TELEMETRY_ALERT_RULES_FILE",
    expected: "the name of a file",
    fallback: undefined,
    accepts: isFileName,
    fromText: (text) => (isFileName(text) ? text : undefined),
    toText: (file) => file ?? "none",
  }),
  alertNotifications: defineSetting<GivenData | undefined>({
    expected: "an object with channels",
    fallback: undefined,
    accepts: isData,
    // It may hold secrets.
    toText: (given) => (given === undefined ? "none" : "***"),
    isSecret: true,
  }),
  alertNotificationsFile: defineSetting<string | undefined>({
    variable: "TELEMETRY_ALERT_NOTIFICATIONS_FILE",
    expected: "the name of a file",
    fallback: undefined,
    accepts: isFileName,
    fromText: (text) => (isFileName(text) ? text : undefined),
    toText: (file) => file ?? "none",
  }),
  keepAlive: defineSetting<boolean>({ expected: "true or false", fallback: false, accepts: isBoolean }),
  strict: defineSetting<boolean>({
    variable: "TELEMETRY_STRICT",
    expected: "true or false",
    fallback: false,
    accepts: isBoolean,
    fromText: toBoolean,
  }),
} as const;

function keepDays(variable: string, fallback: KeepDays) {
  const accepts = (value: unknown): value is KeepDays =>
    value === "forever" || (Number.isInteger(value) && (value as number) >= 1 && (value as number) <= MAX_DAYS);
  return defineSetting<KeepDays>({
    variable,
    expected: `a whole number of days from 1 to ${MAX_DAYS}, or forever`,
    fallback,
    accepts,
    fromText: (text) => {
      const value = /^\d{1,6}$/.test(text) ? Number(text) : text;
      return accepts(value) ? value : undefined;
    },
  });
}

function isFileName(value: unknown): value is string {
  return typeof value === "string" && value !== "" && value.length <= 4_096 && !value.includes("\0");
}

function toBoolean(text: string): boolean | undefined {
  return text === "true" ? true : text === "false" ? false : undefined;
}

function isData(value: unknown): value is GivenData {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isBoolean(value: unknown): value is boolean {
  return typeof value === "boolean";
}

function isPort(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 65_535;
}

function areHosts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && asHosts(value) !== undefined;
}

function asHosts(names: readonly unknown[]): readonly string[] | undefined {
  const areNames = names.every((name) => typeof name === "string" && parseAllowedHost(name) !== undefined);
  return areNames && names.length <= MAX_HOSTS ? (names as readonly string[]) : undefined;
}
