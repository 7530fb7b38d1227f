// The head of a block of alerts of one rule: how many, in which states, since when; folds and opens the block.
import { ChevronDown, ChevronRight } from "lucide-react";
import { countText } from "../../format/number-text.ts";
import { Badge } from "../../ui/badge.tsx";
import { BreakableText } from "../../ui/breakable-text.tsx";
import { SeverityMark } from "../../ui/severity-mark.tsx";
import { TimeAgo } from "../../ui/time-ago.tsx";
import { type AlertBlock, blockFigures } from "./alert-blocks.ts";
import styles from "./alert-row.module.css";
import { stateTone } from "./alert-words.ts";
import { groupText } from "./group-text.ts";

/** What a head is given. */
export interface BlockHeadProps {
  readonly block: AlertBlock;
  /** Names of the labels of its groups. */
  readonly group: readonly string[];
  readonly isFolded: boolean;
  /** It is folded, and the alert that is shown is one of its own. */
  readonly isChosen: boolean;
  /** Rows below it have a button: columns stand below each other. */
  readonly hasRoom: boolean;
  readonly onTurn: () => void;
}

/** Groups that are named while it is folded. */
const MAX_NAMED = 4;

/** The head. */
export function BlockHead({ block, group, isFolded, isChosen, hasRoom, onTurn }: BlockHeadProps) {
  const figures = blockFigures(block);
  if (figures === undefined) return null;
  const { worst, states, groups, newest } = figures;
  const Chevron = isFolded ? ChevronRight : ChevronDown;
  return (
    <li className={styles.row} data-severity={worst.severity} data-state={worst.state} data-chosen={isChosen}>
      <button
        type="button"
        className={`${styles.link} ${styles.head}`}
        data-row
        data-rule={block.ruleId}
        aria-expanded={!isFolded}
        title={isFolded ? "Show each (f)" : "Fold (f)"}
        onClick={onTurn}
      >
        <span className={styles.severity}>
          <SeverityMark severity={worst.severity} size={14} />
          <span>{worst.severity}</span>
        </span>
        <span className={styles.what}>
          <span className={styles.name}>
            <Chevron size={14} aria-hidden="true" />
            <b>
              <BreakableText text={worst.rule_name} />
            </b>
          </span>
          <span className={styles.facts}>
            {`${countText(groups)} groups`}
            {isFolded && `: ${namesOf(block, group)}`}
          </span>
        </span>
        <span className={styles.marks}>
          {states.map(([state, count]) => (
            <Badge key={state} tone={stateTone(state)}>{`${countText(count)} ${state}`}</Badge>
          ))}
        </span>
        <span className={styles.when}>
          <TimeAgo timestamp={newest} />
          <small>the newest</small>
        </span>
      </button>
      {hasRoom && <span className={styles.action} />}
    </li>
  );
}

function namesOf({ alerts }: AlertBlock, group: readonly string[]): string {
  const names = alerts.map(({ labels }) =>
    groupText(Object.fromEntries(Object.entries(labels).filter(([name]) => group.includes(name)))),
  );
  const known = [...new Set(names)].filter((name) => name !== "");
  const more = known.length - MAX_NAMED;
  return `${known.slice(0, MAX_NAMED).join("; ")}${more > 0 ? ` and ${countText(more)} more` : ""}`;
}
