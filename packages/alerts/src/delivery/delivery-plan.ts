// Puts due entries in the order in which they are sent: per channel and target, per alert in the order of its changes, the worst first.
import type { AlertNotification } from "@tracebook/store";
import type { Channel } from "../channels/channel.ts";
import { SEVERITIES } from "../channels/notification-message.ts";

/** Due entries of one channel for one target. */
export interface Lane {
  readonly channel: Channel;
  /** What the rule says for the channel. */
  readonly config: unknown;
  /** Those of one alert, each after the one before it. The worst alerts first, then the oldest. */
  readonly chains: readonly (readonly AlertNotification[])[];
}

/** Which entries the same channel and target get. */
export function laneKeyOf(entry: AlertNotification): string {
  return JSON.stringify([entry.channel, entry.config]);
}

/** Sorts entries, given in any order, into lanes: what was tried before may be due later than what came after it. */
export function toLanes(
  entries: readonly AlertNotification[],
  channelOf: (entry: AlertNotification) => Channel | undefined,
): readonly Lane[] {
  const lanes = Map.groupBy(entries, laneKeyOf);
  return [...lanes.values()].flatMap((inLane) => {
    const channel = channelOf(inLane[0]!);
    if (channel === undefined) return [];
    const byAlert = Map.groupBy(inLane.toSorted(byAge), ({ alert_id }) => alert_id);
    const chains = [...byAlert.values()].map((chain) => chain.toSorted(byChange));
    return [{ channel, config: inLane[0]!.config, chains: chains.toSorted((a, b) => rankOf(b) - rankOf(a)) }];
  });
}

/** The order of changes of one alert: its own count of them, whatever a clock said that was set meanwhile; of the same count the time. */
export function byChange(a: AlertNotification, b: AlertNotification): number {
  return a.alert.notification_count - b.alert.notification_count || byAge(a, b);
}

function byAge(a: AlertNotification, b: AlertNotification): number {
  return a.created_at < b.created_at ? -1 : a.created_at > b.created_at ? 1 : 0;
}

function rankOf(chain: readonly AlertNotification[]): number {
  return Math.max(...chain.map(({ alert }) => SEVERITIES.indexOf(alert.severity)));
}
