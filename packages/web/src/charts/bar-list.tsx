// Names with a count each as bars, most first; one that is chosen filters what is beside it.
import { countText, shareText } from "../format/number-text.ts";
import { Mark, type Tone } from "../ui/mark.tsx";
import styles from "./bar-list.module.css";

/** A bar. */
export interface BarListItem {
  readonly key: string;
  readonly name: string;
  readonly count: number;
  /** Colour and shape. Default `neutral`. */
  readonly tone?: Tone;
  /** What the name means, beside it. */
  readonly note?: string;
  /** At the end of the line, instead of the share of the total. */
  readonly end?: string;
}

/** What a list of bars shows. */
export interface BarListProps {
  /** What is counted, for screen readers. */
  readonly label: string;
  readonly items: readonly BarListItem[];
  /** What shares are of. */
  readonly total: number;
  /** The key that is chosen. */
  readonly chosen?: string | undefined;
  /** Somebody chose one, or the chosen one again. Without it bars are only looked at. */
  readonly onChoose?: (key: string) => void;
}

/** The list. A bar is full for what is accepted and hollow for what is rejected, as the marks are. */
export function BarList({ label, items, total, chosen, onChoose }: BarListProps) {
  const most = Math.max(1, ...items.map(({ count }) => count));
  return (
    <ul className={styles.list} aria-label={label}>
      {items.map((item) => (
        <li key={item.key}>
          {onChoose === undefined ? (
            <div className={styles.item}>
              <Line item={item} total={total} most={most} />
            </div>
          ) : (
            <button
              type="button"
              className={styles.item}
              aria-pressed={item.key === chosen}
              onClick={() => onChoose(item.key)}
            >
              <Line item={item} total={total} most={most} />
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}

function Line({ item, total, most }: { readonly item: BarListItem; readonly total: number; readonly most: number }) {
  const { name, count, tone = "neutral", note, end } = item;
  return (
    <>
      <span className={styles.name} title={name}>
        <Mark tone={tone} size={9} />
        <span>{name === "" ? "(none)" : name}</span>
        {note !== undefined && note !== "" && (
          <small className={styles.note} title={note}>
            {note}
          </small>
        )}
      </span>
      <span className={styles.count}>{countText(count)}</span>
      <span className={styles.share}>{end ?? shareText(count, total)}</span>
      <span className={styles.track} aria-hidden="true">
        <i data-tone={tone} style={{ width: `${(Math.max(0, count) / most) * 100}%` }} />
      </span>
    </>
  );
}
