// What fires now, the worst first, and the silences that are in force.
import { useMemo } from "react";
import { useAnswer } from "../../api/use-answer.ts";
import { MAX_FIRING, useFiring } from "../../app/use-firing.ts";
import { countText } from "../../format/number-text.ts";
import { byRule } from "./alert-blocks.ts";
import { AlertBrowser } from "./alert-browser.tsx";
import { NothingFires } from "./nothing-fires.tsx";
import { SilenceList } from "./silence-list.tsx";
import type { AlertActions } from "./use-alert-actions.ts";

const EVERY_MS = 3_000;

/** The view. */
export function FiringView({ actions }: { readonly actions: AlertActions }) {
  const firing = useFiring();
  const pending = useAnswer("/api/telemetry/alerts", { status: "pending", limit: MAX_FIRING }, { everyMs: EVERY_MS });
  const alerts = useMemo(
    () => byRule([...(firing.data?.alerts ?? []), ...(pending.data?.alerts ?? [])]),
    [firing.data, pending.data],
  );
  const active = firing.data?.alerts ?? [];
  const unseen = active.filter(({ state }) => state === "firing").length;
  const note = [
    `${countText(unseen)} not acknowledged`,
    active.length - unseen === 0 ? "" : `${countText(active.length - unseen)} acknowledged`,
    (pending.data?.alerts.length ?? 0) === 0 ? "" : `${countText(pending.data?.alerts.length)} pending`,
    active.length < MAX_FIRING ? "" : `the newest ${MAX_FIRING}`,
  ];
  return (
    <AlertBrowser
      title="Firing now"
      note={alerts.length === 0 ? undefined : note.filter((part) => part !== "").join(", ")}
      answer={firing}
      alerts={alerts}
      empty={<NothingFires actions={actions} />}
      after={<SilenceList actions={actions} />}
      actions={actions}
    />
  );
}
