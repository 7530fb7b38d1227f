// What a desk may be told.
import type { Store } from "@tracebook/store";

/** How events of a type are shown. */
export interface DeskCard {
  /** Instead of the type's name in words. */
  readonly title: string;
  /** The name of one of the page's icons. */
  readonly icon?: string | undefined;
  /** Colour and shape. Default `neutral`. */
  readonly tone?: "neutral" | "accept" | "reject" | "error" | "info" | undefined;
  /** What it says; `{field}` is filled in from the data: `{amount} {currency} at {rate}`. */
  readonly text?: string | undefined;
  /** Fields that are shown, in this order. Default: the first ones. */
  readonly fields?: readonly string[] | undefined;
}

/** How long something is kept, in days (1 to 36,500), or for ever. */
export type KeepDays = number | "forever";

/** Something that is data, as YAML and JSON have it; whether it is right is seen when it is read. */
export type GivenData = Readonly<Record<string, unknown>>;

/** Options of {@link openDesk}. They win over the environment, which wins over the defaults. */
export interface DeskOptions {
  /**
   * The database, made when it is not there: a file; `postgres://user:password@host/database`, for which `pg` and `pg-copy-streams` have to be
   * installed; or `http://user:password@host:8123/database`, a ClickHouse, for which `@clickhouse/client` has to be.
   * `TELEMETRY_STORE_PATH`; default `./telemetry/telemetry.db`.
   */
  readonly path?: string | undefined;
  /** The user of ClickHouse, where the URL names none. `TELEMETRY_STORE_USER`; default: none. */
  readonly storeUser?: string | undefined;
  /** Its password. `TELEMETRY_STORE_PASSWORD`; default: none. */
  readonly storePassword?: string | undefined;
  /** Where rules and alerts are kept when `path` is ClickHouse: a file, or `postgres://...`. `TELEMETRY_ALERTS_STORE_PATH`; default `./telemetry/alerts.db`. */
  readonly alertsPath?: string | undefined;
  /** A store that is open already, instead of a path; the desk does not close it. */
  readonly store?: Store | undefined;
  /** The folder of a journal that is read into the store: at start, and once a minute while it grows. Default: none. */
  readonly journalDir?: string | undefined;
  /** The address that is listened on. Any but a loopback one needs a token. `TELEMETRY_DESK_HOST`; default `127.0.0.1`. */
  readonly host?: string | undefined;
  /** 0 to 65,535; 0: any that is free; false: none, for a desk that is mounted only. `TELEMETRY_DESK_PORT`; default 8790, or one of the nine above. */
  readonly port?: number | false | undefined;
  /** What requests must have as `Authorization: Bearer`, 16 to 512 visible ASCII characters. `TELEMETRY_DESK_TOKEN`; default: none. */
  readonly token?: string | undefined;
  /** Further names that this desk is reached by, such as `desk.example.com` or `bot.internal:8080` (`:*`: any port). `TELEMETRY_DESK_ALLOWED_HOSTS`, with commas. */
  readonly allowedHosts?: readonly string[] | undefined;
  /** The path below which `handler` and `fetch` are mounted, such as `/desk`. Not needed below an Express router. Default: none. */
  readonly basePath?: string | undefined;
  /** What the page calls itself, 1 to 80 characters. Default `Tracebook`. */
  readonly title?: string | undefined;
  /** How events of custom types are shown: event type to card, at most 500. */
  readonly cards?: Readonly<Record<string, DeskCard>> | undefined;
  /** How long events and decisions are kept. `TELEMETRY_EVENTS_RETENTION_DAYS`; default for ever. */
  readonly eventsRetentionDays?: KeepDays | undefined;
  /** How long spans are kept. `TELEMETRY_TRACES_RETENTION_DAYS`; default 30. */
  readonly tracesRetentionDays?: KeepDays | undefined;
  /** How long metrics are kept. `TELEMETRY_METRICS_RETENTION_DAYS`; default 180. */
  readonly metricsRetentionDays?: KeepDays | undefined;
  /** Whether rules of alerts are evaluated, and notifications sent. `TELEMETRY_ALERTS`; default true. */
  readonly alerts?: boolean | undefined;
  /** Rules of alerts, as docs/alerts.md has them; they win over what is stored. Default: none. */
  readonly alertRules?: readonly GivenData[] | undefined;
  /** A YAML file of rules; they win over `alertRules` and what is stored. `TELEMETRY_ALERT_RULES_FILE`; default: none. */
  readonly alertRulesFile?: string | undefined;
  /** Channels and routes of notifications, as docs/alerts.md has them; secrets as `${NAME}`. Default: none. */
  readonly alertNotifications?: GivenData | undefined;
  /** The same as a YAML file, unless `alertNotifications` is given. `TELEMETRY_ALERT_NOTIFICATIONS_FILE`; default: none. */
  readonly alertNotificationsFile?: string | undefined;
  /** Whether an open desk keeps the process alive: for a program that is nothing but a desk. Default false: a host ends when it has nothing left to do. */
  readonly keepAlive?: boolean | undefined;
  /** Whether a wrong variable, rule or configuration of notifications throws instead of falling back. `TELEMETRY_STRICT`; default false. */
  readonly strict?: boolean | undefined;
  /** Hears one line at start, and of what is wrong. Default: stderr. */
  readonly onLine?: ((line: string) => void) | undefined;
}
