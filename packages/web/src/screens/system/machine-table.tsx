// A row for each machine and process: what it uses now, as a figure and as a bar.
import { toUcum } from "../../format/metric-unit.ts";
import { unitText } from "../../format/unit-text.ts";
import { Mark } from "../../ui/mark.tsx";
import { TimeAgo } from "../../ui/time-ago.tsx";
import { type Machine, USAGES } from "./machine-rows.ts";
import styles from "./machine-table.module.css";
import type { TimelineSeries } from "./use-timeline.ts";

/** So full is worth a mark. */
const FULL_PERCENT = 90;
const MAX_ROWS = 100;

/** The table; `colors` are those of its lines in the charts below. */
export function MachineTable({
  machines,
  colors,
}: {
  readonly machines: readonly Machine[];
  readonly colors: ReadonlyMap<string, string>;
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard.
    <section className={styles.scroll} tabIndex={0} aria-label="Machines">
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">Service</th>
            <th scope="col">Host</th>
            <th scope="col">Instance</th>
            {USAGES.map(({ title }) => (
              <th key={title} scope="col" className={styles.usage}>
                {title}
              </th>
            ))}
            <th scope="col">Last heard</th>
          </tr>
        </thead>
        <tbody>
          {machines.slice(0, MAX_ROWS).map((machine) => (
            <tr key={machine.key}>
              <th scope="row">
                <i style={{ background: `var(--${colors.get(machine.key) ?? "series-6"})` }} />
                {machine.service.slice(0, 100) || "unnamed"}
              </th>
              <td>{machine.host.slice(0, 100) || "–"}</td>
              <td className={styles.code} title={machine.instance.slice(0, 200)}>
                {machine.instance.slice(0, 100) || "–"}
              </td>
              {machine.usages.map((usage, i) => (
                <td key={USAGES[i]?.metric} className={styles.usage}>
                  <Usage usage={usage} />
                </td>
              ))}
              <td>
                <TimeAgo timestamp={machine.lastTimestamp} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Usage({ usage }: { readonly usage: TimelineSeries | undefined }) {
  if (usage === undefined) return "–";
  const unit = toUcum(usage.metric_unit);
  const isShare = unit === "%";
  const isFull = isShare && usage.last_value >= FULL_PERCENT;
  return (
    <span className={styles.meter}>
      <span className={styles.track} aria-hidden="true">
        {isShare && (
          <i
            className={styles.fill}
            data-full={isFull}
            style={{ width: `${Math.min(100, Math.max(0, usage.last_value))}%` }}
          />
        )}
      </span>
      <b>{unitText(unit)(Number(usage.last_value.toPrecision(3)))}</b>
      <span className={styles.mark}>
        {isFull && (
          <>
            <Mark tone="reject" size={9} />
            <span className="visually-hidden">nearly full</span>
          </>
        )}
      </span>
    </span>
  );
}
