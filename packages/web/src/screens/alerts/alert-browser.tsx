// A list of alerts with the chosen one beside it: by pointer, by keys, by address.
import { type ReactNode, useRef } from "react";
import type { Alert, ApiProblem } from "../../api/client.ts";
import { AnswerState, Panel } from "../../ui/panel.tsx";
import { useRowWalk } from "../../ui/use-row-walk.ts";
import { useParameters } from "../../url/search-parameters.ts";
import styles from "./alert-browser.module.css";
import { AlertDetail } from "./alert-detail.tsx";
import { AlertList } from "./alert-list.tsx";
import { useAcknowledge } from "./use-acknowledge.ts";
import type { AlertActions } from "./use-alert-actions.ts";

/** What is listed, and what is around it. */
export interface AlertBrowserProps {
  readonly title: string;
  readonly note: ReactNode;
  readonly filters?: ReactNode;
  readonly answer: {
    readonly data: { readonly alerts: readonly Alert[] } | undefined;
    readonly error: ApiProblem | null;
    readonly isPending: boolean;
    readonly refetch: () => unknown;
  };
  /** In the order in which they are shown. */
  readonly alerts: readonly Alert[];
  readonly empty: ReactNode;
  /** Below the list. */
  readonly after?: ReactNode;
  readonly actions: AlertActions;
}

/** The list and the detail. */
export function AlertBrowser({ title, note, filters, answer, alerts, empty, after, actions }: AlertBrowserProps) {
  const [parameters, set] = useParameters();
  const list = useRef<HTMLDivElement>(null);
  const chosen = parameters.get("alert") ?? undefined;
  useRowWalk("Alerts", "alert", list);
  const { acknowledge, form, setForm } = useAcknowledge(alerts, chosen, actions);
  return (
    <div className={styles.browser} data-open={chosen !== undefined}>
      <div className={styles.side}>
        <Panel title={title} note={note} className={styles.panel} flush>
          {filters}
          <AnswerState answer={answer} isEmpty={() => alerts.length === 0} empty={empty}>
            {() => <AlertList alerts={alerts} chosen={chosen} list={list} onAcknowledge={acknowledge} />}
          </AnswerState>
        </Panel>
        {after}
      </div>
      {chosen !== undefined && (
        <AlertDetail
          key={chosen}
          alertId={chosen}
          actions={actions}
          form={form}
          onForm={setForm}
          onAcknowledge={acknowledge}
          onClose={() => set({ alert: undefined })}
        />
      )}
    </div>
  );
}
