// Everything about the chosen span, and the decision of its trace.
import type { Ref } from "react";
import { Link } from "wouter";
import { partsLength, uncoveredParts } from "../../charts/span-gaps.ts";
import type { SpanNode, SpanTree } from "../../charts/span-tree.ts";
import { durationText } from "../../format/duration-text.ts";
import { shareText } from "../../format/number-text.ts";
import { momentText } from "../../format/time-text.ts";
import { Badge } from "../../ui/badge.tsx";
import { Mark } from "../../ui/mark.tsx";
import { sharedAddress, useParameters } from "../../url/search-parameters.ts";
import { LongText } from "./long-text.tsx";
import styles from "./span-detail.module.css";
import type { TraceAnswer } from "./trace-answer.ts";
import { TraceDecisions } from "./trace-decisions.tsx";
import type { LogEntry } from "./trace-log.ts";
import type { TracePlace } from "./use-trace-place.ts";
import { ValueTable } from "./value-table.tsx";

/** What the side shows. */
export interface SpanDetailProps {
  readonly ref: Ref<HTMLDivElement>;
  readonly className: string | undefined;
  readonly tree: SpanTree;
  readonly place: TracePlace;
  readonly data: TraceAnswer;
  readonly orders: readonly string[];
  /** What was said in the span. */
  readonly entries: readonly LogEntry[] | undefined;
}

const MAX_ENTRIES = 50;
const MAX_ORDERS = 20;

/** The side of a trace. */
export function SpanDetail({ ref, className, tree, place, data, orders, entries = [] }: SpanDetailProps) {
  const node = place.selected;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard, and Enter leads here.
    <section ref={ref} className={`${styles.side} ${className ?? ""}`} tabIndex={0} aria-label="Decision and span">
      {data.decisions.length > 0 && <TraceDecisions decisions={data.decisions} />}
      {orders.length > 0 && (
        <section className={styles.part}>
          <h3>{orders.length === 1 ? "Order" : `${orders.length} orders`}</h3>
          <ul className={styles.orders}>
            {orders.slice(0, MAX_ORDERS).map((id) => (
              <li key={id}>
                <button type="button" aria-pressed={id === place.order} onClick={() => place.setOrder(id)}>
                  {id.slice(0, 80)}
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
      {node !== undefined && <SpanParts node={node} tree={tree} place={place} entries={entries} />}
    </section>
  );
}

interface SpanPartsProps {
  readonly node: SpanNode;
  readonly tree: SpanTree;
  readonly place: TracePlace;
  readonly entries: readonly LogEntry[];
}

function SpanParts({ node, tree, place, entries }: SpanPartsProps) {
  const { span } = node;
  return (
    <>
      <section className={styles.part}>
        <h2 className={styles.title}>
          {span.status_code === 2 && <Mark tone="error" />}
          <LongText text={span.operation_name} />
        </h2>
        <p className={styles.quiet}>
          <LongText text={span.service_name} />
        </p>
        {span.status_message !== null && span.status_message !== "" && (
          <p className={styles.status} data-error={span.status_code === 2}>
            <LongText text={span.status_message} />
          </p>
        )}
        <Times node={node} tree={tree} />
      </section>
      <section className={styles.part}>
        <h3>Attributes</h3>
        <ValueTable values={span.tags} />
      </section>
      {entries.length > 0 && (
        <section className={styles.part}>
          <h3>Events and logs</h3>
          {entries.slice(0, MAX_ENTRIES).map((entry) => (
            <details key={entry.key} className={styles.entry}>
              <summary>
                <Mark tone={entry.tone} size={9} />
                <span className={styles.at}>+{durationText((entry.at - node.start) / 1e6)}</span>
                <span className={styles.line}>
                  {entry.title} <i>{entry.line}</i>
                </span>
              </summary>
              <ValueTable values={entry.data} />
            </details>
          ))}
          {entries.length > MAX_ENTRIES && (
            <p className={styles.quiet}>and {entries.length - MAX_ENTRIES} more, in the list below the waterfall (l)</p>
          )}
        </section>
      )}
      {span.links.length > 0 && <Links node={node} place={place} />}
      <Source node={node} place={place} />
    </>
  );
}

function Times({ node, tree }: { readonly node: SpanNode; readonly tree: SpanTree }) {
  const { span, start, end, parent } = node;
  const gaps = uncoveredParts(node);
  const own = node.children.length === 0 ? end - start : partsLength(gaps);
  const longest = gaps.reduce((most, { from, to }) => Math.max(most, to - from), 0);
  return (
    <dl className={styles.facts}>
      <div>
        <dt>Duration</dt>
        <dd>
          <b>{durationText((end - start) / 1e6)}</b> {shareText(end - start, tree.duration)} of the trace
        </dd>
      </div>
      <div>
        <dt>Begins</dt>
        <dd title={`${momentText(span.start_time)}, ${span.start_time} + ${span.start_nanos} ns`}>
          +{durationText(start / 1e6)}
          {parent !== undefined && start < parent.start && (
            <span className={styles.warning}>
              {" "}
              {durationText((parent.start - start) / 1e6)} before its parent: clocks differ
            </span>
          )}
        </dd>
      </div>
      {node.children.length > 0 && (
        <div>
          <dt>Own time</dt>
          <dd>
            {durationText(own / 1e6)}, {shareText(own, end - start)}
            {longest > 0 && `; longest gap ${durationText(longest / 1e6)}`}
          </dd>
        </div>
      )}
    </dl>
  );
}

function Links({ node, place }: { readonly node: SpanNode; readonly place: TracePlace }) {
  const [parameters] = useParameters();
  return (
    <section className={styles.part}>
      <h3>Links</h3>
      {node.span.links.map((link, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: links have no identity, and no state.
        <div key={i} className={styles.link}>
          {link.traceId === node.span.trace_id ? (
            <button type="button" onClick={() => place.select(link.spanId)}>
              span {link.spanId.slice(0, 32)}
            </button>
          ) : /^[0-9a-f]{32}$/i.test(link.traceId) ? (
            <Link href={sharedAddress(`/traces/${link.traceId}`, parameters, { span: link.spanId })}>
              trace {link.traceId}
            </Link>
          ) : (
            <LongText text={`trace ${link.traceId}`} />
          )}
          {Object.keys(link.attributes).length > 0 && <ValueTable values={link.attributes} />}
        </div>
      ))}
    </section>
  );
}

function Source({ node, place }: { readonly node: SpanNode; readonly place: TracePlace }) {
  const { span, parent, problem } = node;
  return (
    <section className={styles.part}>
      <h3>Where it comes from</h3>
      <ValueTable
        values={{
          "span id": span.span_id,
          kind: KINDS[span.span_kind] ?? String(span.span_kind),
          status: STATUS[span.status_code] ?? String(span.status_code),
          ...(span.scope === null ? {} : { scope: span.scope }),
          ...(span.instance_id === null ? {} : { instance: span.instance_id }),
          ...(span.http_method === null ? {} : { "http method": span.http_method }),
          ...(span.http_url === null ? {} : { "http url": span.http_url }),
          ...(span.http_status_code === null ? {} : { "http status": span.http_status_code }),
          ...(span.user_id === null ? {} : { user: span.user_id }),
        }}
      />
      {problem === "orphan" && (
        <p className={styles.warning}>
          Its parent {span.parent_span_id} is not in this trace: it was not kept, or is not here yet.
        </p>
      )}
      {problem === "cycle" && (
        <p className={styles.warning}>It names itself among its ancestors; here it stands alone.</p>
      )}
      {parent !== undefined && (
        <p className={styles.link}>
          <button type="button" onClick={() => place.select(parent.span.span_id)}>
            To its parent
          </button>{" "}
          <Badge>{parent.span.operation_name.slice(0, 60)}</Badge>
        </p>
      )}
    </section>
  );
}

const KINDS = ["unspecified", "internal", "server", "client", "producer", "consumer"] as const;
const STATUS = ["unset", "ok", "error"] as const;
