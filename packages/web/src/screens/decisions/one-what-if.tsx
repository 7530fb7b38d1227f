// What if, for one decision: the same sliders as for all of them, judged in the page.
import { useMemo } from "react";
import { Link } from "wouter";
import { BreakableText } from "../../ui/breakable-text.tsx";
import { Button } from "../../ui/button.tsx";
import { decisionTone, Mark } from "../../ui/mark.tsx";
import { Panel } from "../../ui/panel.tsx";
import { useParameters } from "../../url/search-parameters.ts";
import { listAddress } from "./decision-address.ts";
import type { DecisionAnswer } from "./decision-record.ts";
import type { OneJudged } from "./judge-one.ts";
import { signedText } from "./margin.ts";
import styles from "./one-what-if.module.css";
import { recordedAmounts, recordedThresholds } from "./recorded-amounts.ts";
import { WhatIfControls } from "./what-if-controls.tsx";
import { noChange } from "./what-if-parameters.ts";

/** The panel. */
export function OneWhatIf({
  answer,
  judged,
  className,
}: {
  readonly answer: DecisionAnswer;
  readonly judged: OneJudged;
  readonly className: string | undefined;
}) {
  const { decision, event } = answer;
  const [parameters, set] = useParameters();
  const amounts = useMemo(() => recordedAmounts([decision]), [decision]);
  const gates = useMemo(() => recordedThresholds([event.data.gates]), [event]);
  const unit = decision.edge_unit || undefined;
  const all = new URLSearchParams(parameters);
  all.set("view", "whatif");
  if (unit !== undefined) all.set("edge_unit", unit);
  return (
    <Panel
      title="What if"
      className={className}
      actions={
        <Button disabled={judged === undefined} onClick={() => set(noChange(parameters))}>
          As recorded
        </Button>
      }
    >
      <p className={styles.result} role="status">
        <Result answer={answer} judged={judged} />
      </p>
      <WhatIfControls unit={unit} amounts={amounts} gates={gates} />
      <p className={styles.more}>
        <Link href={listAddress(all)}>The same for all decisions</Link>
      </p>
    </Panel>
  );
}

function Result({ answer: { decision }, judged }: { readonly answer: DecisionAnswer; readonly judged: OneJudged }) {
  if (judged === undefined) return <>Move a threshold or a cost to see what would have been decided.</>;
  if (typeof judged === "string")
    return (
      <>
        <Mark tone="error" size={10} /> <BreakableText text={`It cannot be judged again: ${judged}`} />
      </>
    );
  const { decision: word, reason_code: reason, margin, outcome } = judged;
  return (
    <>
      <Mark tone={decisionTone(word)} size={10} />
      <b>{outcome === "unchanged" ? `Still ${word}` : `Would be ${word}`}</b>
      <span>
        <BreakableText
          text={`${reason}${margin === undefined ? "" : `, margin ${signedText(margin, decision.edge_unit)}`}`}
        />
      </span>
    </>
  );
}
