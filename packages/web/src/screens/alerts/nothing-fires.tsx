// Nothing fires: all is well, or there is no rule yet, and then one to begin with.
import { useQueryClient } from "@tanstack/react-query";
import { useAnswer } from "../../api/use-answer.ts";
import { countText } from "../../format/number-text.ts";
import { Button } from "../../ui/button.tsx";
import { Loading } from "../../ui/panel.tsx";
import { useParameters } from "../../url/search-parameters.ts";
import styles from "./nothing-fires.module.css";
import { FIRST_RULE } from "./rule-draft.ts";
import { saveRule } from "./save-rule.ts";
import type { AlertActions } from "./use-alert-actions.ts";

/** What is said in place of a list. */
export function NothingFires({ actions }: { readonly actions: AlertActions }) {
  const rules = useAnswer("/api/telemetry/alert-rules", {}, { everyMs: 10_000 });
  const answers = useQueryClient();
  const [, set] = useParameters();
  if (rules.data === undefined) return rules.error === null ? <Loading /> : <p>Nothing fires.</p>;
  const active = rules.data.rules.filter(({ is_active: isActive, problem }) => isActive && problem === null).length;
  if (rules.data.count > 0)
    return (
      <>
        <p className={styles.lead}>Nothing fires.</p>
        <p>{active === 1 ? "1 rule is" : `${countText(active)} rules are`} watching.</p>
      </>
    );
  const create = async () => {
    const isSaved = await actions.run(
      () => saveRule("high-error-rate", FIRST_RULE, 0, true),
      "High Error Rate is watching from now on.",
    );
    await answers.invalidateQueries({ queryKey: ["/api/telemetry/alert-rules"] });
    if (isSaved) set({ tab: "rules", rule: "high-error-rate" });
  };
  return (
    <div className={styles.first}>
      <p className={styles.lead}>
        No rule watches yet: a rule says what must not happen, and who is told when it does.
      </p>
      <div className={styles.rule}>
        <b>High Error Rate</b>
        <span>10 error_event or more in 5 minutes</span>
      </div>
      <div className={styles.buttons}>
        <Button disabled={actions.isBusy} onClick={() => void create()}>
          Create this rule
        </Button>
        <Button onClick={() => set({ tab: "rules", rule: "new" })}>Write another one</Button>
      </div>
    </div>
  );
}
