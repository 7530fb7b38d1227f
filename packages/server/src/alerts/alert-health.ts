// What health says of alerting.

import type { AlertEngineStats } from "@tracebook/alerts";
import { toTimestamp } from "@tracebook/core";
import type { AlertRecords } from "@tracebook/store";
import type { BrokenRule } from "./given-rules.ts";
import { END_OF_TIME } from "./old-notifications.ts";

/** What only the service knows. */
export interface AlertFigures {
  readonly role: AlertEngineStats["role"] | "off" | "idle";
  readonly lag_seconds: number;
  readonly evaluation_seconds: number;
  readonly channels: number;
  /** Rules that never came into the store. */
  readonly broken: readonly BrokenRule[];
}

/** The section `alerts` of the health report. */
export interface AlertHealth extends Omit<AlertFigures, "broken"> {
  readonly rules: number;
  readonly broken_rules: readonly BrokenRule[];
  readonly firing: number;
  readonly notifications_waiting: number;
  readonly notifications_failed: number;
}

const DAY_MS = 86_400_000;
const COUNTED = 1_000;

/** Asks the store for the rest. */
export async function alertHealth(
  records: AlertRecords,
  nowMs: number,
  { broken, ...figures }: AlertFigures,
): Promise<AlertHealth> {
  const yesterday = toTimestamp((nowMs - DAY_MS) * 1_000);
  const [rules, active, waiting, newest] = await Promise.all([
    records.rules(),
    records.findAlerts({ status: "active" }, COUNTED, 0),
    records.dueNotifications(END_OF_TIME, COUNTED),
    records.notifications(undefined, COUNTED),
  ]);
  const spoilt = rules.flatMap(({ rule_id, problem }) => (problem === null ? [] : [{ rule: rule_id, problem }]));
  return {
    ...figures,
    rules: rules.length,
    broken_rules: [...broken, ...spoilt],
    firing: active.length,
    notifications_waiting: waiting.length,
    notifications_failed: newest.filter((one) => one.status === "failed" && one.created_at >= yesterday).length,
  };
}
