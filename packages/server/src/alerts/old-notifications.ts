// Notifications that have waited while there was nobody to tell: of yesterday's alerts nobody wants to hear when a channel is there at last.
import { toTimestamp } from "@tracebook/core";
import type { AlertRecords } from "@tracebook/store";

const MAX_AGE_MS = 86_400_000;
const PAGE = 500;

/** Later than anything that waits. */
export const END_OF_TIME = "9999-12-31T23:59:59.999999Z";

/** Notes those that have waited for more than a day, without a try, as failed. */
export async function giveUpOld(
  records: Pick<AlertRecords, "dueNotifications" | "noteDeliveries">,
  nowMs: number,
): Promise<void> {
  const oldest = toTimestamp((nowMs - MAX_AGE_MS) * 1_000);
  for (;;) {
    const due = await records.dueNotifications(END_OF_TIME, PAGE);
    const old = due.filter(({ created_at, attempts }) => created_at < oldest && attempts === 0);
    if (old.length === 0) return;
    await records.noteDeliveries(
      old.map(({ notification_id, attempts, next_attempt_at }) => ({
        notification_id,
        status: "failed",
        attempts,
        next_attempt_at,
        last_error: "It waited for more than a day while there was no channel.",
        delivered_at: null,
      })),
    );
  }
}
