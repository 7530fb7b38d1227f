// Names and values of anything: attributes, the data of an event. Everything is shown as text.
import { fullText } from "./event-words.ts";
import { LongText } from "./long-text.tsx";
import styles from "./value-table.module.css";

/** The table, in the order of the names. */
export function ValueTable({ values }: { readonly values: Readonly<Record<string, unknown>> }) {
  const entries = Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1));
  if (entries.length === 0) return <p className={styles.none}>None</p>;
  return (
    <dl className={styles.table}>
      {entries.map(([name, value]) => (
        <div key={name}>
          <dt>
            <LongText text={name} />
          </dt>
          <dd>
            <LongText text={fullText(value)} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
