// The configuration of notifications, from code or a file, and the channels that it makes.
import {
  AlertChannelError,
  type Channel,
  createChannels,
  type NotificationConfig,
  parseNotificationConfig,
} from "@tracebook/alerts";
import type { DeskConfig } from "../config.ts";
import { readGivenFile } from "./given-file.ts";

/** What came of it. */
export interface GivenNotifications {
  /** Undefined: there is none, or it is wrong, and nobody is told of anything. */
  readonly config: NotificationConfig | undefined;
  readonly channels: ReadonlyMap<string, Channel>;
  /** What is wrong with it, in one line without secrets; undefined: nothing. */
  readonly problem: string | undefined;
}

/** Reads it. Secrets are what `${NAME}` refers to in the environment. */
export function readGivenNotifications({
  alertNotifications,
  alertNotificationsFile,
  environment,
}: Pick<DeskConfig, "alertNotifications" | "alertNotificationsFile" | "environment">): GivenNotifications {
  if (alertNotifications === undefined && alertNotificationsFile === undefined)
    return { config: undefined, channels: new Map(), problem: undefined };
  try {
    const given = alertNotifications ?? readGivenFile(alertNotificationsFile as string);
    const config = parseNotificationConfig(given, { environment });
    return { config, channels: createChannels(config), problem: undefined };
  } catch (error) {
    const words = error instanceof AlertChannelError ? error.message : (error as Error).message;
    const place = alertNotifications === undefined ? `${alertNotificationsFile}` : "alertNotifications";
    const problem = `nobody is notified of alerts: ${place}: ${words.replaceAll("\n", " ")}`;
    return { config: undefined, channels: new Map(), problem };
  }
}
