// Who is told of which alerts, and how: the configuration once it is known to be whole.
import type { NotificationSeverity } from "../channels/notification-message.ts";
import type { Secret } from "./secret.ts";

/** What all channels over HTTP may be told. */
interface HttpSettings {
  readonly name: string;
  readonly timeoutMs: number | undefined;
  readonly allowPrivateTargets: boolean;
  readonly allowHttp: boolean;
  readonly allowedHosts: readonly string[] | undefined;
  readonly caCertificate: string | undefined;
}

/** Settings of one channel. Secrets show as `***` wherever they are printed. */
export type ChannelSettings =
  | {
      readonly kind: "email";
      readonly name: string;
      readonly host: string;
      readonly port: number | undefined;
      readonly tls: "starttls" | "implicit" | "none";
      readonly user: string | undefined;
      readonly password: Secret | undefined;
      readonly from: string;
      readonly to: readonly string[];
      readonly timeoutMs: number | undefined;
      readonly caCertificate: string | undefined;
    }
  | (HttpSettings & {
      readonly kind: "slack";
      readonly webhookUrl: Secret | undefined;
      readonly token: Secret | undefined;
      readonly channel: string | undefined;
      readonly apiUrl: string | undefined;
    })
  | (HttpSettings & {
      readonly kind: "pagerduty";
      readonly routingKey: Secret;
      readonly region: "us" | "eu";
      readonly source: string | undefined;
      readonly url: string | undefined;
    })
  | (HttpSettings & {
      readonly kind: "opsgenie";
      readonly apiKey: Secret;
      readonly region: "us" | "eu";
      readonly teams: readonly string[];
      readonly url: string | undefined;
    })
  | (HttpSettings & {
      readonly kind: "webhook";
      readonly url: Secret;
      readonly signingSecret: Secret;
      readonly signingKeyId: string | undefined;
    });

/** Who is told when nobody acknowledges. */
export interface Escalation {
  /** How long it is waited before the first step, and before each one after it. Default 30. */
  readonly afterMinutes: number;
  /** Alerts below are not escalated. Default `warning`. */
  readonly minSeverity: NotificationSeverity;
  /** The channels of each step. */
  readonly steps: readonly (readonly string[])[];
  /** How often all steps are gone through again. 0 to 100, default 0. */
  readonly repeat: number;
}

/** What becomes of alerts that match: who is told at once, and who later. */
export interface Receivers {
  readonly channels: readonly string[];
  readonly escalation: Escalation | undefined;
}

/** A route: the first that matches decides, unless it says `continue`. */
export interface Route extends Receivers {
  /** All must match: the value, or a pattern with `*` for anything. `rule_name`, `rule_id` and `severity` are labels too. */
  readonly labels: Readonly<Record<string, string>>;
  /** Only alerts whose label `team` is this. */
  readonly team: string | undefined;
  readonly severities: readonly NotificationSeverity[];
  readonly goesOn: boolean;
}

/** The whole configuration. Safe to print. */
export interface NotificationConfig {
  readonly channels: ReadonlyMap<string, ChannelSettings>;
  readonly teams: ReadonlyMap<string, Receivers>;
  readonly routes: readonly Route[];
  /** For alerts that no route and no team takes. */
  readonly defaultRoute: Receivers | undefined;
  /** Where alerts are on the desk: `https://desk.example.com`. */
  readonly deskUrl: string | undefined;
}
