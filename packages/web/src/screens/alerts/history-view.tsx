// Alerts of a range of time, filtered by severity, rule and state.
import { useState } from "react";
import type { Alert, AlertSeverity } from "../../api/client.ts";
import { useAnswer } from "../../api/use-answer.ts";
import { countText } from "../../format/number-text.ts";
import { Button, Select } from "../../ui/button.tsx";
import { useParameters } from "../../url/search-parameters.ts";
import { useTimeRange } from "../../url/time-range.ts";
import { AlertBrowser } from "./alert-browser.tsx";
import { SEVERITIES, STATES } from "./alert-words.ts";
import styles from "./history-view.module.css";
import type { AlertActions } from "./use-alert-actions.ts";

const PAGE = 100;
const MAX = 1_000;
const EVERY_MS = 5_000;

/** The view. */
export function HistoryView({ actions }: { readonly actions: AlertActions }) {
  const [parameters] = useParameters();
  const { range } = useTimeRange();
  const [limit, setLimit] = useState(PAGE);
  const severity = oneOf<AlertSeverity>(parameters.get("severity"), SEVERITIES);
  const state = oneOf<Alert["state"]>(parameters.get("state"), STATES);
  const rule = parameters.get("of") ?? "";
  const answer = useAnswer(
    "/api/telemetry/alerts",
    { start_time: range.startTime, end_time: range.endTime, severity, state, rule_id: rule, limit },
    { everyMs: range.name === undefined ? false : EVERY_MS },
  );
  const alerts = answer.data?.alerts ?? [];
  const isCut = alerts.length === limit;
  const isNarrow = severity !== undefined || state !== undefined || rule !== "";
  return (
    <AlertBrowser
      title="History"
      note={`${countText(alerts.length)}${isCut ? " newest" : ""}, ${range.label}`}
      filters={<HistoryFilters severity={severity} state={state} rule={rule} />}
      answer={answer}
      alerts={alerts}
      empty={
        isNarrow
          ? `No such alert in the ${range.label}. Take a filter away, or choose a longer range.`
          : `Nothing has fired in the ${range.label}. Choose a longer range.`
      }
      after={
        isCut && limit < MAX ? (
          <div className={styles.more}>
            <Button onClick={() => setLimit((shown) => Math.min(MAX, shown * 3))}>Show more</Button>
          </div>
        ) : undefined
      }
      actions={actions}
    />
  );
}

function HistoryFilters({
  severity = "",
  state = "",
  rule,
}: {
  readonly severity: string | undefined;
  readonly state: string | undefined;
  readonly rule: string;
}) {
  const [, set] = useParameters();
  const rules = useAnswer("/api/telemetry/alert-rules", {}, { freshMs: 30_000 });
  return (
    <div className={styles.filters}>
      <Select
        label="Severity"
        all="All severities"
        value={severity}
        options={SEVERITIES.map((value) => ({ value }))}
        onChange={(value) => set({ severity: value })}
      />
      <Select
        label="State"
        all="All states"
        value={state}
        options={STATES.map((value) => ({ value }))}
        onChange={(value) => set({ state: value })}
      />
      <Select
        label="Rule"
        all="All rules"
        value={rule}
        options={(rules.data?.rules ?? []).map(({ rule_id: value, rule_name: name }) => ({
          value,
          text: name.slice(0, 80),
        }))}
        onChange={(value) => set({ of: value })}
      />
    </div>
  );
}

function oneOf<T extends string>(text: string | null, words: readonly T[]): T | undefined {
  return words.find((word) => word === text);
}
