// One decision in full: why, its edge as a waterfall, its gates, what else would have decided, what was on the record.
import { X } from "lucide-react";
import { useMemo } from "react";
import { Link, useLocation } from "wouter";
import { useAnswer } from "../../api/use-answer.ts";
import { useKeys } from "../../app/keys.ts";
import { momentText } from "../../format/time-text.ts";
import { Badge } from "../../ui/badge.tsx";
import { BreakableText } from "../../ui/breakable-text.tsx";
import { Button } from "../../ui/button.tsx";
import { decisionTone, Mark } from "../../ui/mark.tsx";
import { AnswerState, Empty, Loading, Panel } from "../../ui/panel.tsx";
import { TimeAgo } from "../../ui/time-ago.tsx";
import { sharedAddress, useParameters } from "../../url/search-parameters.ts";
import { ContextFields } from "./context-fields.tsx";
import { listAddress } from "./decision-address.ts";
import styles from "./decision-detail.module.css";
import { type DecisionAnswer, reasonOf, toRecord } from "./decision-record.ts";
import { EdgeFigures } from "./edge-figures.tsx";
import { EdgePanel } from "./edge-panel.tsx";
import { GateList } from "./gate-list.tsx";
import { judgeOne } from "./judge-one.ts";
import { OneWhatIf } from "./one-what-if.tsx";
import { useWhatIf } from "./what-if-controls.tsx";

/** The decision of an address. */
export function DecisionDetail({ id, className }: { readonly id: string; readonly className: string | undefined }) {
  const [, navigate] = useLocation();
  const [parameters] = useParameters();
  const isId = /^[1-9]\d{0,15}$/.test(id);
  const answer = useAnswer(
    "/api/telemetry/decisions/{event_id}",
    {},
    { values: { event_id: id }, enabled: isId, freshMs: 60_000 },
  );
  const close = () => navigate(listAddress(parameters));
  useKeys("One decision", [{ key: "Escape", what: "Close the decision", run: close }]);
  return (
    <article className={`${styles.detail} ${className ?? ""}`} aria-label="Decision">
      {isId ? (
        <AnswerState answer={answer}>
          {(data) => (data.decision.event_id === Number(id) ? <Shown answer={data} onClose={close} /> : <Loading />)}
        </AnswerState>
      ) : (
        <Empty>
          {id.slice(0, 100)} is no decision: decisions are numbered.{" "}
          <Link href={listAddress(parameters)}>All decisions</Link>
        </Empty>
      )}
    </article>
  );
}

function Shown({ answer, onClose }: { readonly answer: DecisionAnswer; readonly onClose: () => void }) {
  const { decision } = answer;
  const whatIf = useWhatIf();
  const record = useMemo(() => toRecord(answer), [answer]);
  const judged = useMemo(() => judgeOne(record, whatIf), [record, whatIf]);
  return (
    <>
      <Head answer={answer} onClose={onClose} />
      <p className={styles.reason}>
        <BreakableText
          text={reasonOf(answer) ?? `No sentence is on the record: the reason is ${decision.reason_code}.`}
        />
      </p>
      <EdgeFigures answer={answer} />
      <div className={styles.parts}>
        <EdgePanel answer={answer} whatIf={whatIf} judged={judged} className={styles.edge} />
        <OneWhatIf answer={answer} judged={judged} className={styles.whatIf} />
        <Panel title="Gates" className={styles.gates} flush>
          <GateList gates={answer.event.data.gates} whatIf={whatIf} />
        </Panel>
        <Panel title="On the record" note={`event ${decision.event_id}`} className={styles.context} flush>
          <ContextFields answer={answer} />
        </Panel>
      </div>
    </>
  );
}

function Head({
  answer: { decision, event },
  onClose,
}: {
  readonly answer: DecisionAnswer;
  readonly onClose: () => void;
}) {
  const [parameters] = useParameters();
  const tone = decisionTone(decision.decision);
  return (
    <header className={styles.head}>
      <h2 data-tone={tone}>
        <Mark tone={tone} size={16} />
        {decision.decision}
      </h2>
      <span className={styles.badges}>
        {[decision.reason_code, decision.symbol, decision.strategy].map(
          (text, index) =>
            // biome-ignore lint/suspicious/noArrayIndexKey: the three have their places.
            text && <Badge key={index}>{text.slice(0, 100)}</Badge>,
        )}
      </span>
      <span className={styles.when}>
        {momentText(decision.timestamp)}, <TimeAgo timestamp={decision.timestamp} />
      </span>
      <nav className={styles.links} aria-label="Of this decision">
        {decision.trace_id !== null && /^[0-9a-f]{32}$/.test(decision.trace_id) && (
          <Link href={sharedAddress(`/traces/${decision.trace_id}`, parameters)}>Its trace</Link>
        )}
        <Link href={sharedAddress("/", parameters, { event: String(event.id) })}>Its event</Link>
        <Button onClick={onClose} aria-label="Close the decision" title="Close (Escape)">
          <X size={14} aria-hidden="true" />
        </Button>
      </nav>
    </header>
  );
}
