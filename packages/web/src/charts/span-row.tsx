// One span of a waterfall: its place in the tree, its name, and its bar. A parent's bar is pale where its children run.
import { memo } from "react";
import { durationText } from "../format/duration-text.ts";
import { Mark } from "../ui/mark.tsx";
import { criticalGaps, uncoveredParts } from "./span-gaps.ts";
import styles from "./span-row.module.css";
import { distinctTicks, type SpanTick } from "./span-ticks.ts";
import type { SpanNode, SpanTree } from "./span-tree.ts";
import type { SpanWindow } from "./span-window.ts";

/** What a row shows. */
export interface SpanRowProps {
  readonly id: string;
  /** Pixels from the top of all rows. */
  readonly top: number;
  readonly node: SpanNode;
  readonly tree: SpanTree;
  readonly window: SpanWindow;
  readonly isClosed: boolean;
  readonly isSelected: boolean;
  /** A colour of the theme. */
  readonly color: string;
  readonly ticks: readonly SpanTick[];
}

/** Deeper than this, names stand no further to the right. */
const MAX_INDENT = 12;
const INDENT = 12;
/** Parts of a bar that are narrower, as a share of the window, are not seen. */
const LEAST_PART = 0.0005;
const MAX_NAME = 200;

/** The row. */
export const SpanRow = memo(function SpanRow(props: SpanRowProps) {
  const { id, top, node, isClosed, isSelected, color } = props;
  const { span, depth, children, parent, problem } = node;
  const isError = span.status_code === 2;
  const isOther = parent === undefined || parent.span.service_name !== span.service_name;
  return (
    <div
      id={id}
      className={styles.row}
      role="treeitem"
      tabIndex={-1}
      aria-level={depth + 1}
      aria-selected={isSelected}
      aria-expanded={children.length === 0 ? undefined : !isClosed}
      data-id={span.span_id}
      style={{ transform: `translateY(${top}px)` }}
    >
      <div className={styles.name} style={{ paddingLeft: 4 + Math.min(depth, MAX_INDENT) * INDENT }}>
        <span className={styles.toggle} data-toggle={children.length > 0 || undefined} data-closed={isClosed} />
        <i className={styles.service} style={{ background: `var(--${color})` }} />
        {isError && <Mark tone="error" size={9} />}
        <span className={styles.text}>{nameOf(span.operation_name)}</span>
        {isOther && <span className={styles.other}>{nameOf(span.service_name)}</span>}
        {isClosed && <span className={styles.hidden}>{node.descendants} below</span>}
        {problem !== undefined && <span className={styles.problem}>{PROBLEMS[problem]}</span>}
      </div>
      <div className={styles.length}>{durationText((node.end - node.start) / 1e6)}</div>
      <div className={styles.time}>
        <span className="visually-hidden">{barWords(node)}</span>
        <Bar {...props} color={isError ? "error" : color} />
      </div>
    </div>
  );
});

function Bar({ node, tree, window, color, ticks, isClosed }: SpanRowProps) {
  const place = (at: number) => `${((at - window.from) / (window.to - window.from)) * 100}%`;
  const width = (from: number, to: number) => `${((to - from) / (window.to - window.from)) * 100}%`;
  const { start, end } = node;
  const least = (window.to - window.from) * LEAST_PART;
  const own = isClosed ? [] : uncoveredParts(node).filter(({ from, to }) => to - from >= least);
  const gaps = isClosed ? [] : criticalGaps(node, tree);
  return (
    <>
      <i
        className={styles.bar}
        data-parent={node.children.length > 0 && !isClosed}
        style={{ left: place(start), width: width(start, end), background: `var(--${color})` }}
      />
      {own.map(({ from, to }) => (
        <i
          key={from}
          className={styles.own}
          style={{ left: place(from), width: width(from, to), background: `var(--${color})` }}
        />
      ))}
      {gaps.map(({ from, to }) => (
        <span
          key={from}
          className={styles.gap}
          style={{ left: place(from), width: width(from, to) }}
          title="No child runs here"
        >
          <span>{durationText((to - from) / 1e6)}</span>
        </span>
      ))}
      {distinctTicks(ticks, window).map(({ at, isError }) => (
        <i key={at} className={styles.tick} data-error={isError} style={{ left: place(at) }} />
      ))}
    </>
  );
}

const PROBLEMS = { orphan: "parent not here", cycle: "cut loose: its own ancestor" } as const;

/** What the eye sees in the bar, for whoever listens. */
function barWords({ span, start }: SpanNode): string {
  const parts = [`begins at ${durationText(start / 1e6)}`];
  if (span.status_code === 2) parts.push("error");
  return parts.join(", ");
}

function nameOf(name: string): string {
  return name === "" ? "(no name)" : name.slice(0, MAX_NAME);
}
