// Where an event comes from; what of it the feed can be narrowed to.
import type { ReactNode } from "react";
import type { StoredEvent } from "../../api/client.ts";
import { useParameters } from "../../url/search-parameters.ts";
import styles from "./event-origin.module.css";

/** Service, run and the rest, each with the filter that it makes. */
export function EventOrigin({ event }: { readonly event: StoredEvent }) {
  const { event_type: type, symbol, run_id: run, service_name: service, instance_id: instance, seq, id } = event;
  return (
    <dl className={styles.origin}>
      <Row name="Type" value={type} filter={{ type, show: undefined }} />
      {symbol !== null && <Row name="Symbol" value={symbol} filter={{ symbol }} />}
      {run !== null && <Row name="Run" value={run} filter={{ run }} />}
      {service !== null && <Row name="Service" value={service} />}
      {instance !== null && <Row name="Instance" value={instance} note={seq === null ? undefined : `record ${seq}`} />}
      {id > 0 && <Row name="Event" value={String(id)} />}
    </dl>
  );
}

function Row({
  name,
  value,
  note,
  filter,
}: {
  readonly name: string;
  readonly value: string;
  readonly note?: ReactNode;
  readonly filter?: Readonly<Record<string, string | undefined>>;
}) {
  const [, set] = useParameters();
  return (
    <div>
      <dt>{name}</dt>
      <dd title={value.slice(0, 1_000)}>{value === "" ? "(empty)" : value.slice(0, 300)}</dd>
      {note !== undefined && <dd className={styles.note}>{note}</dd>}
      {filter !== undefined && value !== "" && (
        <dd className={styles.only}>
          <button type="button" aria-label={`Only this ${name.toLowerCase()}`} onClick={() => set(filter)}>
            only this
          </button>
        </dd>
      )}
    </div>
  );
}
