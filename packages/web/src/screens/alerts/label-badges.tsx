// Labels as badges: those of the group, by which its alerts are told apart, before those that all alerts of the rule have.
import styles from "./label-badges.module.css";

/** Labels that a row has room for. */
const MAX_LABELS = 4;

/** The badges. */
export function LabelBadges({
  labels,
  group = NONE,
  most = MAX_LABELS,
}: {
  readonly labels: Readonly<Record<string, string>>;
  /** Names of the labels of the group. */
  readonly group?: readonly string[];
  readonly most?: number;
}) {
  const isOwn = (name: string) => group.includes(name);
  const all = Object.entries(labels);
  const sorted = [...all.filter(([name]) => isOwn(name)), ...all.filter(([name]) => !isOwn(name))];
  return (
    <>
      {sorted.slice(0, most).map(([name, value]) => (
        <code key={name} className={styles.label} data-group={isOwn(name)} title={`${name}=${value}`.slice(0, 1_000)}>
          <i>{name.slice(0, 40)}=</i>
          {value === "" ? "(none)" : value.slice(0, 80)}
        </code>
      ))}
      {sorted.length > most && (
        <span
          className={styles.more}
          title={sorted
            .slice(most)
            .map(([name, value]) => `${name}=${value}`)
            .join(", ")
            .slice(0, 1_000)}
        >
          +{sorted.length - most}
        </span>
      )}
    </>
  );
}

const NONE: readonly string[] = Object.freeze([]);
