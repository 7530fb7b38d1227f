// The rules: a list, and the one that is written beside it.
import { Plus } from "lucide-react";
import { useRef } from "react";
import type { Alert, StoredAlertRule } from "../../api/client.ts";
import { useAnswer } from "../../api/use-answer.ts";
import { useKeys } from "../../app/keys.ts";
import { countText } from "../../format/number-text.ts";
import { Button } from "../../ui/button.tsx";
import { AnswerState, Empty, Panel } from "../../ui/panel.tsx";
import { useRowWalk } from "../../ui/use-row-walk.ts";
import { useParameter } from "../../url/search-parameters.ts";
import { NothingFires } from "./nothing-fires.tsx";
import { RuleEditor } from "./rule-editor.tsx";
import { RuleRow } from "./rule-row.tsx";
import styles from "./rules-view.module.css";
import type { AlertActions } from "./use-alert-actions.ts";

const EVERY_MS = 5_000;
/** Of the newest alerts it is worked out when a rule fired last. */
const MAX_ALERTS = 1_000;

/** The view. */
export function RulesView({ actions }: { readonly actions: AlertActions }) {
  const [chosen, setChosen] = useParameter("rule");
  const answer = useAnswer("/api/telemetry/alert-rules", {}, { everyMs: EVERY_MS });
  const alerts = useAnswer("/api/telemetry/alerts", { limit: MAX_ALERTS }, { everyMs: EVERY_MS });
  const list = useRef<HTMLUListElement>(null);
  const create = () => setChosen("new");
  useRowWalk("Rules", "rule", list);
  useKeys("Rule", [{ key: "n", what: "New rule", run: create }]);
  const rules = answer.data?.rules ?? [];
  const rule = rules.find(({ rule_id: id }) => id === chosen);
  return (
    <div className={styles.view} data-open={chosen !== undefined}>
      <Panel
        title="Rules"
        note={rules.length === 0 ? undefined : countText(rules.length)}
        className={styles.panel}
        actions={
          <Button hint="n" onClick={create}>
            <Plus size={13} aria-hidden="true" />
            New rule
          </Button>
        }
        flush
      >
        <AnswerState
          answer={answer}
          isEmpty={(data) => data.rules.length === 0}
          empty={<NothingFires actions={actions} />}
        >
          {(data) => (
            <ul ref={list} className={styles.list}>
              {data.rules.map((each) => (
                <RuleRow
                  key={each.rule_id}
                  rule={each}
                  newest={newestOf(each, alerts.data?.alerts ?? [])}
                  isChosen={each.rule_id === chosen}
                  actions={actions}
                />
              ))}
            </ul>
          )}
        </AnswerState>
      </Panel>
      {chosen !== undefined && (chosen === "new" || rule !== undefined) && (
        <RuleEditor key={chosen} rule={rule} actions={actions} onChoose={setChosen} />
      )}
      {chosen !== undefined && chosen !== "new" && rule === undefined && answer.data !== undefined && (
        <Panel title="Rule">
          <Empty>There is no rule {chosen.slice(0, 100)} (any more).</Empty>
        </Panel>
      )}
    </div>
  );
}

/** The alert that fired last; alerts come newest first. */
function newestOf({ rule_id: id }: StoredAlertRule, alerts: readonly Alert[]): Alert | undefined {
  return alerts.find((alert) => alert.rule_id === id && alert.triggered_at !== null);
}
