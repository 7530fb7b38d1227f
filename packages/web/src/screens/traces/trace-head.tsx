// What a trace is, at a glance: how long, what, when, by whom, and what was decided.
import { Check, Copy } from "lucide-react";
import { memo, useState } from "react";
import { Link } from "wouter";
import type { SpanTree } from "../../charts/span-tree.ts";
import { durationText } from "../../format/duration-text.ts";
import { countText } from "../../format/number-text.ts";
import { momentText } from "../../format/time-text.ts";
import { Button } from "../../ui/button.tsx";
import { Mark } from "../../ui/mark.tsx";
import { TimeAgo } from "../../ui/time-ago.tsx";
import { flowFacts } from "./flow-facts.ts";
import type { TraceAnswer } from "./trace-answer.ts";
import styles from "./trace-head.module.css";

/** Spans that a trace is cut to. */
const MAX_SPANS = 10_000;
const MAX_NAME = 200;
const MAX_SERVICES = 12;

/** The head. `back`: the address of the list. */
export const TraceHead = memo(function TraceHead({
  data,
  tree,
  colorOf,
  back,
}: {
  readonly data: TraceAnswer;
  readonly tree: SpanTree;
  readonly colorOf: (service: string) => string;
  readonly back: string;
}) {
  const root = tree.nodes[0]?.span;
  const errors = data.spans.filter((span) => span.status_code === 2).length;
  const services = [...new Set(data.spans.map((span) => span.service_name))];
  const facts = root === undefined ? undefined : flowFacts(root);
  const count = data.spans.length;
  return (
    <header className={styles.head}>
      <Link href={back} className={styles.back} title="Back to the list (Esc)">
        ← Traces
      </Link>
      {count > 0 && <b className={styles.figure}>{durationText(tree.duration / 1e6)}</b>}
      <div className={styles.name}>
        <h2>
          {root === undefined ? "Trace without spans" : root.operation_name.slice(0, MAX_NAME) || "(no name)"}
          {facts?.symbol !== undefined && <span> {facts.symbol.slice(0, 40)}</span>}
        </h2>
        <p>
          <code>{data.trace_id}</code> <CopyButton text={data.trace_id} />
          {root !== undefined && (
            <>
              <span title="When it began">{momentText(root.start_time)}</span>
              <TimeAgo timestamp={root.start_time} />
            </>
          )}
        </p>
      </div>
      <Services names={services} colorOf={colorOf} />
      <p className={styles.counts}>
        {countText(count)} {count === 1 ? "span" : "spans"}
        {count >= MAX_SPANS && <span title="Of more spans only the earliest are shown"> (the earliest)</span>}
        {errors > 0 && (
          <span className={styles.errors}>
            <Mark tone="error" size={9} /> {countText(errors)} with an error
          </span>
        )}
      </p>
    </header>
  );
});

function Services({
  names,
  colorOf,
}: {
  readonly names: readonly string[];
  readonly colorOf: (service: string) => string;
}) {
  return (
    <ul className={styles.services} aria-label="Services">
      {names.slice(0, MAX_SERVICES).map((service) => (
        <li key={service}>
          <i style={{ background: `var(--${colorOf(service)})` }} />
          <span className={styles.service}>{service.slice(0, MAX_NAME) || "(no name)"}</span>
        </li>
      ))}
    </ul>
  );
}

function CopyButton({ text }: { readonly text: string }) {
  const [isCopied, setCopied] = useState(false);
  const copy = () =>
    void navigator.clipboard?.writeText(text).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  return (
    <Button className={styles.copy} onClick={copy} aria-label="Copy the trace id" title="Copy the trace id">
      {isCopied ? <Check size={12} /> : <Copy size={12} />}
    </Button>
  );
}
