// Acknowledging by pointer and by key, at once where it is known who it is, else by the form that asks for it; and which form is open.
import { useState } from "react";
import type { Alert } from "../../api/client.ts";
import { useKeys } from "../../app/keys.ts";
import { usePerson } from "../../app/person.ts";
import { useParameter } from "../../url/search-parameters.ts";
import type { AlertAction, AlertActions } from "./use-alert-actions.ts";

/** The form that can be open for an alert. */
export type ActionKind = AlertAction["kind"] | "silence";

/** Acknowledging, and the form that is open. */
export interface Acknowledging {
  readonly acknowledge: (alert: Alert) => void;
  /** The form that is open for the alert that is shown. */
  readonly form: ActionKind | undefined;
  readonly setForm: (kind: ActionKind | undefined) => void;
}

/** For a list of alerts, of which `chosen` is shown beside it; `a` means the row that has the focus, else that one. */
export function useAcknowledge(
  alerts: readonly Alert[],
  chosen: string | undefined,
  { act }: AlertActions,
): Acknowledging {
  const [person] = usePerson();
  const [, setChosen] = useParameter("alert");
  // With the alert that it belongs to: another alert closes it.
  const [open, setOpen] = useState<{ readonly alertId: string | undefined; readonly kind: ActionKind }>();
  const acknowledge = (alert: Alert) => {
    if (person !== "") return void act(alert, { kind: "acknowledge" }, person);
    setChosen(alert.alert_id);
    setOpen({ alertId: alert.alert_id, kind: "acknowledge" });
  };
  const meant = () => {
    const focused = (document.activeElement as HTMLElement | null)?.dataset["alert"];
    return alerts.find(({ alert_id: id }) => id === (focused ?? chosen));
  };
  useKeys("Alert", [
    {
      key: "a",
      what: "Acknowledge the alert",
      run: () => {
        const alert = meant();
        if (alert?.state === "firing") acknowledge(alert);
      },
    },
    {
      key: "s",
      what: "Silence the alert",
      run: () => {
        const alert = meant();
        if (alert === undefined || alert.silence_id !== null) return;
        setChosen(alert.alert_id);
        setOpen({ alertId: alert.alert_id, kind: "silence" });
      },
    },
    { key: "Escape", what: "Close the alert", run: () => setChosen(undefined) },
  ]);
  return {
    acknowledge,
    form: open !== undefined && open.alertId === chosen ? open.kind : undefined,
    setForm: (kind) => setOpen(kind === undefined ? undefined : { alertId: chosen, kind }),
  };
}
