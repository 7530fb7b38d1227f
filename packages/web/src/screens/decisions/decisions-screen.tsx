// Decisions: why there was no trade, from ticks to orders, how far edges were from their thresholds, and each decision in full.
import { useRoute } from "wouter";
import { useAnswer } from "../../api/use-answer.ts";
import { useKeys } from "../../app/keys.ts";
import { SharedTimeCursor } from "../../charts/time-cursor.tsx";
import { useParameters } from "../../url/search-parameters.ts";
import { useTimeRange } from "../../url/time-range.ts";
import { DecisionDetail } from "./decision-detail.tsx";
import { scopeOf, useDecisionFilters } from "./decision-filters.ts";
import { DecisionList } from "./decision-list.tsx";
import styles from "./decisions-screen.module.css";
import { FunnelPanel } from "./funnel-panel.tsx";
import { MarginsPanel } from "./margins-panel.tsx";
import { ReasonsPanel } from "./reasons-panel.tsx";
import { TimelinePanel } from "./timeline-panel.tsx";
import { useMargins } from "./use-margins.ts";
import { WhatIfView } from "./what-if-view.tsx";
import { WhyAnswer } from "./why-answer.tsx";

/** The screen: the overview, the what-if, or a decision beside the list. */
export function DecisionsScreen() {
  const [isOne, path] = useRoute("/decisions/:id");
  return <div className={styles.frame}>{isOne ? <OneDecision id={path.id} /> : <AllDecisions />}</div>;
}

function AllDecisions() {
  const [parameters, set] = useParameters();
  const isWhatIf = parameters.get("view") === "whatif";
  const turn = () => set({ view: isWhatIf ? undefined : "whatif" });
  useKeys("Screen", [{ key: "w", what: isWhatIf ? "Back to the overview" : "What if", run: turn }]);
  const filters = useDecisionFilters();
  const { range } = useTimeRange();
  const funnel = useAnswer("/api/telemetry/funnel", { ...scopeOf(range, filters), flow: filters.flow });
  return (
    <div className={styles.screen}>
      <WhyAnswer range={range} funnel={funnel.data} isWhatIf={isWhatIf} onWhatIf={turn} />
      {isWhatIf ? <WhatIfView /> : <Overview funnel={funnel} />}
    </div>
  );
}

function Overview({ funnel }: { readonly funnel: Parameters<typeof FunnelPanel>[0]["funnel"] }) {
  const filters = useDecisionFilters();
  const { range } = useTimeRange();
  const reasons = useAnswer("/api/telemetry/decisions/reasons", scopeOf(range, filters));
  const margins = useMargins(range);
  return (
    <SharedTimeCursor>
      <div className={styles.overview}>
        <div className={styles.column}>
          <FunnelPanel funnel={funnel} className={styles.funnel} />
          <DecisionList reasons={reasons.data} units={margins.data?.units} className={styles.list} />
        </div>
        <div className={styles.column}>
          <ReasonsPanel reasons={reasons} funnel={funnel} className={styles.reasons} />
          <TimelinePanel range={range} className={styles.timeline} />
          <MarginsPanel margins={margins} className={styles.margins} />
        </div>
      </div>
    </SharedTimeCursor>
  );
}

function OneDecision({ id }: { readonly id: string }) {
  const filters = useDecisionFilters();
  const { range } = useTimeRange();
  const reasons = useAnswer("/api/telemetry/decisions/reasons", scopeOf(range, filters), { freshMs: 30_000 });
  return (
    <div className={styles.one}>
      <DecisionList openId={Number(id)} reasons={reasons.data} units={undefined} className={styles.beside} />
      <DecisionDetail id={id} className={styles.detail} />
    </div>
  );
}
