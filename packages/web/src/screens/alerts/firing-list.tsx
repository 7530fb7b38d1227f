// When a rule would have fired; of a rule with groups how often each of them, and when last.
import { useNow } from "../../app/use-now.ts";
import { countText } from "../../format/number-text.ts";
import { figureText, lastedText } from "./alert-words.ts";
import type { FiredGroup } from "./firings-by-group.ts";
import { LabelBadges } from "./label-badges.tsx";
import styles from "./rule-preview.module.css";
import type { Backtest } from "./use-rule-trial.ts";

type Firing = Backtest["firings"][number];

const MAX_FIRINGS = 8;
const MAX_GROUPS = 12;

/** The list; without `groups` of single firings, the last ones. */
export function FiringList({
  firings,
  groups,
}: {
  readonly firings: readonly Firing[];
  readonly groups: readonly FiredGroup[];
}) {
  if (groups.length > 0) return <GroupList groups={groups} />;
  return (
    <ol className={styles.firings}>
      {firings.slice(-MAX_FIRINGS).map((one) => (
        <li key={one.fired_at}>
          <When firing={one} />
        </li>
      ))}
      {firings.length > MAX_FIRINGS && <li>and {countText(firings.length - MAX_FIRINGS)} before</li>}
    </ol>
  );
}

function GroupList({ groups }: { readonly groups: readonly FiredGroup[] }) {
  return (
    <ul className={styles.groups} aria-label="Groups that would have fired">
      {groups.slice(0, MAX_GROUPS).map(({ labels, firings }) => {
        const last = firings.at(-1);
        return (
          <li key={JSON.stringify(labels)}>
            <span className={styles.labels}>
              <LabelBadges labels={labels} />
            </span>
            <b>{firings.length === 1 ? "once" : `${countText(firings.length)} times`}</b>
            <span className={styles.last}>
              {last !== undefined && <When firing={last} isLast={firings.length > 1} />}
            </span>
          </li>
        );
      })}
      {groups.length > MAX_GROUPS && <li>and {countText(groups.length - MAX_GROUPS)} more groups</li>}
    </ul>
  );
}

function When({ firing, isLast = false }: { readonly firing: Firing; readonly isLast?: boolean }) {
  const now = useNow();
  const { fired_at: at, resolved_at: resolved, peak_value: peak } = firing;
  return (
    <>
      <time dateTime={at}>
        {isLast && "last "}
        {at.slice(5, 19).replace("T", " ")}
      </time>
      <span>
        {resolved === null ? "still" : `for ${lastedText(at, resolved, now)}`}
        {peak !== null && `, ${figureText(peak)} at worst`}
      </span>
    </>
  );
}
