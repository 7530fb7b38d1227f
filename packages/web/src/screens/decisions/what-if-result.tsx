// What a what-if comes to: accepts before and after, flips both ways, and the net edge that they stand for.
import type { ReactNode } from "react";
import type { Answer } from "../../api/client.ts";
import { amountText } from "../../format/decimal-text.ts";
import { countText } from "../../format/number-text.ts";
import { Button } from "../../ui/button.tsx";
import { Mark, type Tone } from "../../ui/mark.tsx";
import { FlipBars } from "./flip-bars.tsx";
import styles from "./what-if-result.module.css";

/** What the server says of a what-if. */
export type WhatIfAnswer = Answer<"/api/telemetry/whatif">;

/** The figures. `onAll`: look at more decisions than the newest; undefined where that is as many as there can be. */
export function WhatIfResult({
  result,
  unit,
  isUnchanged,
  onAll,
}: {
  readonly result: WhatIfAnswer;
  readonly unit: string | undefined;
  readonly isUnchanged: boolean;
  readonly onAll: (() => void) | undefined;
}) {
  const { before, after, flips } = result;
  const total = flips.to_accept + flips.to_reject;
  return (
    <div className={styles.result}>
      <p className={styles.sentence} role="status">
        <b>
          {countText(total)} {total === 1 ? "flip" : "flips"}
        </b>{" "}
        {isUnchanged
          ? "with no change: every decision comes out as it was"
          : `of ${countText(result.judged)} decisions`}
      </p>
      <dl className={styles.figures}>
        <Figure label="Accepted" value={`${countText(before.accepted)} → ${countText(after.accepted)}`}>
          {countText(before.rejected)} → {countText(after.rejected)} rejected
        </Figure>
        <Figure
          label="Would be accepted"
          tone="accept"
          value={flips.to_accept === 0 ? "0" : `+${countText(flips.to_accept)}`}
        >
          {unit !== undefined && <>net edge {amountText(result.net_edge_of_new_accepts, unit)}</>}
        </Figure>
        <Figure
          label="Would be rejected"
          tone="reject"
          value={flips.to_reject === 0 ? "0" : `\u2212${countText(flips.to_reject)}`}
        >
          {unit !== undefined && <>net edge {amountText(result.net_edge_of_new_rejects, unit)}</>}
        </Figure>
      </dl>
      <Coverage result={result} onAll={onAll} />
      <div className={styles.breakdowns}>
        <FlipBars
          label="By reason"
          items={result.by_reason.map(({ reason_code: name, ...counts }) => ({ name, ...counts }))}
        />
        <FlipBars
          label="By symbol"
          items={result.by_symbol.map(({ symbol: name, ...counts }) => ({ name, ...counts }))}
        />
      </div>
    </div>
  );
}

function Figure({
  label,
  tone,
  value,
  children,
}: {
  readonly label: string;
  readonly tone?: Tone;
  readonly value: string;
  readonly children: ReactNode;
}) {
  return (
    <div className={styles.figure}>
      <dt>
        {tone !== undefined && <Mark tone={tone} size={9} />}
        {label}
      </dt>
      <dd>{value}</dd>
      <dd className={styles.detail}>{children}</dd>
    </div>
  );
}

/** What was looked at, and what of it could not be judged: nothing is left out silently. */
function Coverage({ result, onAll }: { readonly result: WhatIfAnswer; readonly onAll: (() => void) | undefined }) {
  const { examined, judged, other_unit: otherUnit, not_judgeable: notJudgeable, complete } = result;
  const parts = [
    `${countText(judged)} of ${countText(examined)} decisions judged`,
    otherUnit > 0 ? `${countText(otherUnit)} are in another unit` : undefined,
    notJudgeable > 0
      ? `${countText(notJudgeable)} cannot be judged: their record is damaged or contradicts itself`
      : undefined,
  ].filter((part) => part !== undefined);
  return (
    <p className={styles.coverage}>
      {parts.join("; ")}
      {!complete && (
        <span className={styles.incomplete}>
          <Mark tone="error" size={9} />
          Not complete: only the newest {countText(examined)} were looked at.
          {onAll !== undefined && <Button onClick={onAll}>Look at up to 1,000,000</Button>}
        </span>
      )}
    </p>
  );
}
