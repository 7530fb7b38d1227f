// Alerts for an export, of any store that has records of them: each in the day on which it fired last, or began to hold.
import type { AlertRecords, StoredAlert } from "../alert-records.ts";
import type { TimeRange } from "../store-queries.ts";
import { type DaySpan, dayBefore, momentAfter, momentBetween } from "./day-span.ts";
import type { ExportCell } from "./export-columns.ts";
import type { ExportSource } from "./export-source.ts";
import { recordCells } from "./record-cells.ts";

/** Resolved alerts are kept for so long, and the others for ever: see `AlertRecords.commit`. A day less, so that clocks may differ. */
const KEPT_DAYS = 399;
const DAY_MS = 86_400_000;
const PAGE = 1_000;

/** Alerts, and where to go on; null: there are no more. */
interface AlertPage {
  readonly alerts: readonly StoredAlert[];
  readonly next: string | null;
}

/** Makes the source. `settledAt` is about now. Cost: a question for the history of each alert. */
export function createAlertSource(records: AlertRecords, settledAt: string): ExportSource {
  return {
    isWhole: false,
    days: (range) => daysOf(records, range),
    async rows(span, limit, after) {
      const { alerts, next } = await pageOf(records, span, limit, after);
      const rows: ExportCell[][] = [];
      for (const alert of alerts)
        rows.push(recordCells("alerts", { ...alert, history: await historyOf(records, alert) }));
      return { rows, next };
    },
    // Every change has a revision above all before it: the same number of alerts and the same highest one are the same alerts.
    async state(span) {
      let [count, revision] = [0, 0];
      for (let after: string | null | undefined; after !== null; ) {
        const page: AlertPage = await pageOf(records, span, PAGE, after);
        count += page.alerts.length;
        for (const alert of page.alerts) revision = Math.max(revision, alert.revision);
        after = page.next;
      }
      return `${count} ${revision}`;
    },
    /**
     * One that is re-opened moves to the day on which it fires again, and one that was pending may come to nothing: as long as no cleaning can
     * have taken it, and this is the store that was exported, whose revisions have only risen since.
     */
    async isMoving(date, state) {
      const age = Date.parse(settledAt.slice(0, 10)) - Date.parse(date);
      if (state === undefined || age > KEPT_DAYS * DAY_MS) return false;
      const { revision } = await records.changesSince(Number.MAX_SAFE_INTEGER);
      return revision >= Number(state.split(" ")[1]);
    },
  };
}

/** From the last one back: they are asked for newest first. */
async function* daysOf(records: AlertRecords, { startTime, endTime }: TimeRange): AsyncGenerator<string> {
  const days: string[] = [];
  for (let end = endTime; ; ) {
    const [newest] = await records.findAlerts({ startTime, endTime: end }, 1, 0);
    if (newest === undefined) break;
    const date = timeOf(newest).slice(0, "2026-11-20".length);
    days.push(date);
    end = dayBefore(date);
    if (end === undefined || (startTime !== undefined && end < startTime)) break;
  }
  yield* days.reverse();
}

/**
 * The oldest that are left of a span. They are asked for newest first, so the span is halved until no more are in it than there is room for;
 * those of one moment, of which a rule with groups may have a thousand, are passed over one page after another.
 */
async function pageOf(records: AlertRecords, span: DaySpan, limit: number, after?: string): Promise<AlertPage> {
  const [startTime, skipped] = after === undefined ? [span.startTime, 0] : placeOf(after);
  let endTime = skipped > 0 ? startTime : span.endTime;
  const isTooMuch = async () => (await records.findAlerts({ startTime, endTime }, 1, limit)).length > 0;
  while (endTime > startTime && (await isTooMuch())) endTime = momentBetween(startTime, endTime);
  const found = await records.findAlerts({ startTime, endTime }, limit, skipped);
  if (endTime === startTime && found.length === limit)
    return { alerts: found, next: `${startTime} ${skipped + limit}` };
  const alerts = endTime === startTime ? found : [...found].reverse();
  return { alerts, next: endTime === span.endTime ? null : `${momentAfter(endTime)} 0` };
}

function placeOf(after: string): readonly [startTime: string, skipped: number] {
  const [startTime, skipped] = after.split(" ");
  return [startTime!, Number(skipped)];
}

async function historyOf(records: AlertRecords, { alert_id }: StoredAlert): Promise<readonly object[]> {
  const entries = await records.history(alert_id);
  return entries.map(({ alert_id: _, ...entry }) => entry);
}

function timeOf(alert: StoredAlert): string {
  return alert.triggered_at ?? alert.pending_since;
}
