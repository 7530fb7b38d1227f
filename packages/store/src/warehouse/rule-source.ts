// Alert rules for an export: all of them, removed ones too, each in the day on which it was made.
import { createHash } from "node:crypto";
import type { AlertRecords, StoredAlertRule } from "../alert-records.ts";
import type { ExportSource } from "./export-source.ts";
import { recordCells } from "./record-cells.ts";

/** Makes the source. Whatever the range: alerts of any day speak of rules that may be older. They are read once, and are few. */
export function createRuleSource(alerts: AlertRecords): ExportSource {
  let reading: Promise<readonly StoredAlertRule[]> | undefined;
  const rules = () => {
    reading ??= alerts.changesSince(0).then((changes) => [...changes.rules].sort(byCreation));
    return reading;
  };
  const rowsOf = async (startTime: string) => {
    const date = dateOf(startTime);
    const made = (await rules()).filter((rule) => dateOf(rule.created_at) === date);
    return made.map((rule) => recordCells("alert_rules", rule));
  };
  return {
    isWhole: true,
    async *days() {
      yield* new Set((await rules()).map((rule) => dateOf(rule.created_at)));
    },
    async rows({ startTime }, limit, after = "0") {
      const rows = await rowsOf(startTime);
      const end = Number(after) + limit;
      return { rows: rows.slice(Number(after), end), next: end < rows.length ? String(end) : null };
    },
    async state({ startTime }) {
      return createHash("sha256")
        .update(JSON.stringify(await rowsOf(startTime)))
        .digest("base64url");
    },
    isMoving: async () => false,
  };
}

function byCreation(a: StoredAlertRule, b: StoredAlertRule): number {
  if (a.created_at !== b.created_at) return a.created_at < b.created_at ? -1 : 1;
  return a.rule_id < b.rule_id ? -1 : 1;
}

function dateOf(timestamp: string): string {
  return timestamp.slice(0, "2026-11-20".length);
}
