// `tracebook alerts list`: the alerts of a store.
import type { AlertState } from "@tracebook/store";
import { CliError, EXIT } from "../cli-error.ts";
import { printableJson } from "../printable.ts";
import { renderTable } from "../text-table.ts";
import { wholeOption } from "../whole-number.ts";
import { withStore } from "../with-store.ts";
import type { AlertTask } from "./alert-task.ts";

const STATES: readonly AlertState[] = ["pending", "firing", "acknowledged", "resolved"];
const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 10_000;

/** The task. */
export const listTask: AlertTask = {
  name: "list",
  usage: "[--state STATE] [--limit N] [--db FILE] [--json]",
  summary: "alerts, newest first",
  options: ["state", "limit", "db", "json"],
  async run(_, { state: word, limit, db, json }, { stdout, paint, ...context }) {
    const state = word === undefined ? undefined : stateOf(word);
    const most = limit === undefined ? DEFAULT_LIMIT : wholeOption("limit", limit, 1, MAX_LIMIT);
    const alerts = await withStore({ db }, { stdout, paint, ...context }, (store) =>
      store.alerts.findAlerts({ state }, most, 0),
    );
    if (json === true) await stdout.write(`${printableJson({ alerts, count: alerts.length }, 2)}\n`);
    else {
      const rows = alerts.map((alert) => [
        (alert.triggered_at ?? alert.pending_since).slice(0, 19),
        alert.severity,
        alert.state,
        alert.rule_name,
        alert.assigned_to ?? "",
        alert.summary,
      ]);
      const columns = ["since", "severity", "state", "rule", "assigned to", "summary"].map((title) => ({ title }));
      const lines = rows.length === 0 ? ["No alert."] : renderTable(columns, rows, paint);
      await stdout.write(lines.map((line) => `${line}\n`).join(""));
    }
    return EXIT.ok;
  },
};

function stateOf(word: string): AlertState {
  const state = STATES.find((one) => one === word);
  if (state !== undefined) return state;
  throw new CliError(`--state is "${word}"; it must be one of ${STATES.join(", ")}`);
}
