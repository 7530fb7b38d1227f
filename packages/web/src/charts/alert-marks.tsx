// Thin lines on a chart where alerts fired, each with the shape of its severity, its words on demand, and a way to the alert.
import { useMemo } from "react";
import { Link } from "wouter";
import { SeverityMark, severityColor } from "../ui/severity-mark.tsx";
import styles from "./alert-marks.module.css";
import { type ChartMark, type PlacedMark, placeMarks } from "./chart-marks.ts";

/** The marks, over the part of a chart that lies between `left` and `right`, in pixels from its edges. */
export function AlertMarks({
  marks,
  from,
  to,
  inset,
}: {
  readonly marks: readonly ChartMark[];
  /** The axis of time, in seconds since 1970. */
  readonly from: number;
  readonly to: number;
  /** Pixels from the edges of the chart to the lines within. */
  readonly inset: { readonly left: number; readonly right: number; readonly top: number; readonly bottom: number };
}) {
  const placed = useMemo(() => placeMarks(marks, from, to), [marks, from, to]);
  if (placed.length === 0) return null;
  return (
    <div className={styles.marks} style={inset}>
      {placed.map((each) => (
        <i
          key={each.mark.time}
          style={{ left: `${each.share * 100}%`, background: `var(--${severityColor(each.mark.severity)})` }}
        >
          <Shape placed={each} />
        </i>
      ))}
    </div>
  );
}

function Shape({ placed: { mark, count } }: { readonly placed: PlacedMark }) {
  const text = `${mark.severity}: ${mark.text.slice(0, 300)}${count === 1 ? "" : ` (and ${count - 1} more)`}`;
  if (mark.href === undefined)
    return (
      <span title={text}>
        <SeverityMark severity={mark.severity} size={10} />
      </span>
    );
  return (
    <Link href={mark.href} title={text} aria-label={`Alert, ${text}`}>
      <SeverityMark severity={mark.severity} size={10} />
    </Link>
  );
}
