// Alerts as rows, those of the groups of one rule together below a head by which they are folded.
import type { RefObject } from "react";
import { useLocation } from "wouter";
import type { Alert } from "../../api/client.ts";
import { useKeys } from "../../app/keys.ts";
import { useParameters } from "../../url/search-parameters.ts";
import { type AlertBlock, alertBlocks, isFolded } from "./alert-blocks.ts";
import styles from "./alert-browser.module.css";
import { AlertRow } from "./alert-row.tsx";
import { BlockHead } from "./block-head.tsx";
import { useGroupLabels } from "./use-group-labels.ts";

/** What the list is given. */
export interface AlertListProps {
  /** In the order in which they are shown. */
  readonly alerts: readonly Alert[];
  readonly chosen: string | undefined;
  /** Whose rows are walked through. */
  readonly list: RefObject<HTMLDivElement | null>;
  readonly onAcknowledge: (alert: Alert) => void;
}

/** The list. Which rules are folded is in the address. */
export function AlertList({ alerts, chosen, list, onAcknowledge }: AlertListProps) {
  const [parameters] = useParameters();
  const [path] = useLocation();
  const groupOf = useGroupLabels();
  const blocks = alertBlocks(alerts);
  const [turned, turn] = useTurned(blocks, chosen);
  const hasRoom = alerts.some(({ state }) => state === "firing");
  return (
    <div ref={list} className={styles.list}>
      <ul>
        {blocks.flatMap((block) => {
          const folded = isFolded(block, turned);
          const group = groupOf(block.ruleId);
          const key = block.alerts[0]?.alert_id;
          const head = block.hasHead && (
            <BlockHead
              key={`head ${key}`}
              block={block}
              group={group}
              isFolded={folded}
              isChosen={folded && block.alerts.some(({ alert_id: id }) => id === chosen)}
              hasRoom={hasRoom}
              onTurn={() => turn([block.ruleId])}
            />
          );
          const rows = (folded ? [] : block.alerts).map((alert) => (
            <AlertRow
              key={alert.alert_id}
              alert={alert}
              group={group}
              isInBlock={block.hasHead}
              href={addressWith(path, parameters, alert.alert_id)}
              isChosen={alert.alert_id === chosen}
              hasRoom={hasRoom}
              onAcknowledge={alert.state === "firing" ? () => onAcknowledge(alert) : undefined}
            />
          ));
          return [head, ...rows];
        })}
      </ul>
    </div>
  );
}

/** The rules that somebody has folded or opened, and how that is done; by key of the row that has the focus, else of the alert that is shown, else of all. */
function useTurned(blocks: readonly AlertBlock[], chosen: string | undefined) {
  const [parameters, set] = useParameters();
  const turned = (parameters.get("fold") ?? "").split(",").filter((id) => id !== "");
  const turn = (ruleIds: readonly string[]) => {
    const kept = turned.filter((id) => !ruleIds.includes(id));
    set({ fold: [...kept, ...ruleIds.filter((id) => !turned.includes(id))].join(",") }, { replace: true });
  };
  useKeys("Groups", [
    {
      key: "f",
      what: "Fold the alerts of a rule, or show each",
      run: () => {
        const { alert, rule } = (document.activeElement as HTMLElement | null)?.dataset ?? {};
        const heads = blocks.filter(({ hasHead }) => hasHead);
        const meant = heads.find(
          ({ ruleId, alerts }) => ruleId === rule || alerts.some(({ alert_id: id }) => id === (alert ?? chosen)),
        );
        turn([...new Set((meant === undefined ? heads : [meant]).map(({ ruleId }) => ruleId))]);
      },
    },
  ]);
  return [turned, turn] as const;
}

function addressWith(path: string, parameters: URLSearchParams, alertId: string): string {
  const next = new URLSearchParams(parameters);
  next.set("alert", alertId);
  return `${path}?${next}`;
}
