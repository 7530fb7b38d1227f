import { toTimestamp } from "@tracebook/core";
import type { AlertNotification, DeliveryOutcome } from "@tracebook/store";
import { expect, test } from "vitest";
import { giveUpOld } from "./old-notifications.ts";

const NOW_MS = 1_780_000_000_000;

test("what waited untried for more than a day is noted as failed, and nothing else", async () => {
  const entry = (id: string, hours: number, attempts = 0) => {
    const time = toTimestamp((NOW_MS - hours * 3_600_000) * 1_000);
    return { notification_id: id, created_at: time, next_attempt_at: time, attempts } as AlertNotification;
  };
  let waiting = [entry("old", 25), entry("tried", 25, 2), entry("new", 23)];
  const noted: DeliveryOutcome[] = [];
  await giveUpOld(
    {
      dueNotifications: async () => waiting,
      async noteDeliveries(outcomes) {
        noted.push(...outcomes);
        const done = new Set(outcomes.map(({ notification_id }) => notification_id));
        waiting = waiting.filter(({ notification_id }) => !done.has(notification_id));
      },
    },
    NOW_MS,
  );
  expect(noted).toMatchObject([{ notification_id: "old", status: "failed", delivered_at: null }]);
  expect(waiting.map(({ notification_id }) => notification_id)).toEqual(["tried", "new"]);
});
