// A list of alerts with the chosen one beside it: by pointer, by keys, by address.
import { type ReactNode, useRef } from "react";
import { useLocation } from "wouter";
import type { Alert, ApiProblem } from "../../api/client.ts";
import { AnswerState, Panel } from "../../ui/panel.tsx";
import { useRowWalk } from "../../ui/use-row-walk.ts";
import { useParameters } from "../../url/search-parameters.ts";
import styles from "./alert-browser.module.css";
import { AlertDetail } from "./alert-detail.tsx";
import { AlertRow } from "./alert-row.tsx";
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
  const [path] = useLocation();
  const list = useRef<HTMLDivElement>(null);
  const chosen = parameters.get("alert") ?? undefined;
  useRowWalk("Alerts", "alert", list);
  const { acknowledge, form, setForm } = useAcknowledge(alerts, chosen, actions);
  const hasFiring = alerts.some(({ state }) => state === "firing");
  return (
    <div className={styles.browser} data-open={chosen !== undefined}>
      <div className={styles.side}>
        <Panel title={title} note={note} className={styles.panel} flush>
          {filters}
          <AnswerState answer={answer} isEmpty={() => alerts.length === 0} empty={empty}>
            {() => (
              <div ref={list} className={styles.list}>
                <ul>
                  {alerts.map((alert) => (
                    <AlertRow
                      key={alert.alert_id}
                      alert={alert}
                      href={addressWith(path, parameters, alert.alert_id)}
                      isChosen={alert.alert_id === chosen}
                      hasRoom={hasFiring}
                      onAcknowledge={alert.state === "firing" ? () => acknowledge(alert) : undefined}
                    />
                  ))}
                </ul>
              </div>
            )}
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

function addressWith(path: string, parameters: URLSearchParams, alertId: string): string {
  const next = new URLSearchParams(parameters);
  next.set("alert", alertId);
  return `${path}?${next}`;
}
