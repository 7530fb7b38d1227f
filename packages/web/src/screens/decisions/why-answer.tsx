// "Why no trade?" in one sentence, whose numbers lead further; and what the whole screen is about.
import { Fragment } from "react";
import { Link } from "wouter";
import type { Answer } from "../../api/client.ts";
import { useAnswer } from "../../api/use-answer.ts";
import { Button, Select } from "../../ui/button.tsx";
import { AnswerState } from "../../ui/panel.tsx";
import { useParameters } from "../../url/search-parameters.ts";
import type { TimeRange } from "../../url/time-range.ts";
import { scopeOf, useDecisionFilters } from "./decision-filters.ts";
import type { Funnel } from "./funnel-rows.ts";
import styles from "./why-answer.module.css";
import { markNumbers, ownAddress, partOf, splitSentence, type WhyPart } from "./why-text.ts";

/** The answer, with the choice of flow, strategy and view. `funnel`: what there is to choose from. */
export function WhyAnswer({
  range,
  funnel,
  isWhatIf,
  onWhatIf,
}: {
  readonly range: TimeRange;
  readonly funnel: Funnel | undefined;
  readonly isWhatIf: boolean;
  readonly onWhatIf: () => void;
}) {
  const filters = useDecisionFilters();
  const answer = useAnswer("/api/telemetry/why", { ...scopeOf(range, filters), flow: filters.flow });
  const question = funnel !== undefined && funnel.orders > 0 ? "Why not more trades?" : "Why no trade?";
  return (
    <section className={styles.why} aria-label={question}>
      <header className={styles.head}>
        <h2>{question}</h2>
        <Scope funnel={funnel} />
        <Button isOn={isWhatIf} hint="w" onClick={onWhatIf}>
          What if
        </Button>
      </header>
      <AnswerState answer={answer}>{(why) => <Told why={why} />}</AnswerState>
    </section>
  );
}

function Told({ why: { sentence, parts } }: { readonly why: Answer<"/api/telemetry/why"> }) {
  const { head, rest } = splitSentence(sentence);
  return (
    <p className={styles.sentence}>
      <strong>
        <Numbers text={head} parts={parts} />
      </strong>
      {rest !== "" && (
        <>
          {": "}
          <Numbers text={rest} parts={parts} />
        </>
      )}
    </p>
  );
}

/** A text with its numbers set apart; those that stand for flows or decisions lead to them. */
function Numbers({ text, parts }: { readonly text: string; readonly parts: readonly WhyPart[] }) {
  const [parameters] = useParameters();
  const pieces = markNumbers(text);
  return pieces.map((piece, index) => {
    const key = `${index}/${piece.text}`;
    if (!piece.isNumber) return <Fragment key={key}>{piece.text}</Fragment>;
    const part = partOf(piece.text, pieces[index + 1]?.text ?? "", parts);
    const address = ownAddress(part?.link ?? null, parameters);
    if (part === undefined || address === undefined) return <b key={key}>{piece.text}</b>;
    return (
      <Link key={key} href={address} title={`${part.value} ${part.label}`}>
        {piece.text}
      </Link>
    );
  });
}

function Scope({ funnel }: { readonly funnel: Funnel | undefined }) {
  const [parameters, set] = useParameters();
  const strategies = (funnel?.strategies ?? []).filter(({ strategy }) => strategy !== "");
  return (
    <div className={styles.scope}>
      <Select
        label="Flow"
        all={funnel?.flow ? `Flow: ${funnel.flow}` : "Flow: the busiest"}
        value={parameters.get("flow") ?? ""}
        options={(funnel?.flows ?? []).map(({ flow }) => ({ value: flow, text: `Flow: ${flow}` }))}
        onChange={(flow) => set({ flow })}
      />
      <Select
        label="Strategy"
        all="All strategies"
        value={parameters.get("strategy") ?? ""}
        options={strategies.map(({ strategy }) => ({ value: strategy }))}
        onChange={(strategy) => set({ strategy })}
      />
    </div>
  );
}
