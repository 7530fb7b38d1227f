// The store: what it is, how large, from when to when.
import type { ReactNode } from "react";
import type { Health } from "../../app/use-health.ts";
import { bytesText, countText } from "../../format/number-text.ts";
import { momentText } from "../../format/time-text.ts";
import styles from "./health.module.css";

/** Facts as a list of names and values. */
export function StoreFacts({ store }: { readonly store: Health["store"] }) {
  const facts: readonly (readonly [string, ReactNode])[] = [
    ["File", <code key="path">{store.path}</code>],
    ["Engine", `${store.engine} ${store.engine_version}, schema ${store.schema_version}`],
    ["Size", `${bytesText(store.size_bytes)}, and ${bytesText(store.log_bytes)} of log`],
    [
      "Rows",
      `${countText(store.events)} events, ${countText(store.decisions)} decisions, ${countText(store.spans)} spans`,
    ],
    ["Oldest", store.oldest_timestamp === null ? "–" : momentText(store.oldest_timestamp)],
    ["Newest", store.newest_timestamp === null ? "–" : momentText(store.newest_timestamp)],
    ["Written since the start", countText(store.written)],
    ["Came twice, kept once", countText(store.duplicates)],
    ["Rejected", countText(store.rejected)],
    ["Requests not written", countText(store.failed_writes)],
    ["Waiting for the writer", bytesText(store.pending_bytes)],
  ];
  return (
    <dl className={styles.facts}>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
