// The stages of a flow: one row each, the chosen one over time, its heatmap, the slowest flows and the scores of signals.
import type { ReactNode } from "react";
import { useAnswer } from "../../api/use-answer.ts";
import { useKeys } from "../../app/keys.ts";
import { durationText } from "../../format/duration-text.ts";
import { Select } from "../../ui/button.tsx";
import { AnswerState, Panel } from "../../ui/panel.tsx";
import { useParameters } from "../../url/search-parameters.ts";
import { useTimeRange } from "../../url/time-range.ts";
import { ConfidencePanel } from "./confidence-panel.tsx";
import { DistributionPanel } from "./distribution-panel.tsx";
import { SlowestFlows } from "./slowest-flows.tsx";
import { StageChart, type StagePanelProps } from "./stage-chart.tsx";
import type { Latency, Stage } from "./stage-latency.ts";
import { StageTable } from "./stage-table.tsx";
import styles from "./stage-view.module.css";

/** The view. `tabs`: how one gets to the other one. */
export function StageView({ tabs }: { readonly tabs: ReactNode }) {
  const { range } = useTimeRange();
  const [parameters, set] = useParameters();
  const flow = parameters.get("flow") ?? undefined;
  const span = { start_time: range.startTime, end_time: range.endTime, step_seconds: range.stepSeconds };
  const answer = useAnswer("/api/telemetry/latency", { ...span, flow });
  const stages = answer.data?.stages ?? [];
  const chosen = stages.find(({ stage }) => stage === parameters.get("stage")) ?? stages.at(-1);
  const choose = (stage: string) =>
    set({ stage: stage === stages.at(-1)?.stage ? undefined : stage }, { replace: true });
  useStageKeys(stages, choose);
  const shown = flow ?? answer.data?.flow ?? undefined;
  return (
    <div className={styles.view}>
      <Panel
        className={styles.stages}
        title={shown === undefined ? "Stages" : `Stages of ${shown.slice(0, 60)}`}
        note={range.label}
        flush
        actions={
          <>
            <FlowChoice flows={answer.data?.flows ?? []} />
            {tabs}
          </>
        }
      >
        <AnswerState
          answer={answer}
          isEmpty={(data) => data.stages.every(({ count }) => count === 0)}
          empty="No stage was measured in this range. Choose a longer one, or let a flow mark its stages: flow.mark(…)."
        >
          {(data) => <StageTable latency={data} range={range} chosen={chosen?.stage} onChoose={choose} />}
        </AnswerState>
      </Panel>
      {chosen !== undefined && answer.data !== undefined && (
        <StagePanels latency={answer.data} stage={chosen} range={range} />
      )}
      <SlowestFlows flow={shown} isKnown={!answer.isPending} className={styles.slowest} />
      <ConfidencePanel className={styles.confidence} />
    </div>
  );
}

function FlowChoice({ flows }: { readonly flows: Latency["flows"] }) {
  const [parameters, set] = useParameters();
  if (flows.length < 2) return null;
  return (
    <Select
      label="Flow"
      all="Busiest flow"
      value={parameters.get("flow") ?? ""}
      options={flows.map(({ flow }) => ({ value: flow }))}
      onChange={(value) => set({ flow: value, stage: undefined })}
    />
  );
}

/** The chosen stage. */
function StagePanels({ latency, stage, range }: Omit<StagePanelProps, "className">) {
  return (
    <>
      <StageChart latency={latency} stage={stage} range={range} className={styles.chart} />
      <DistributionPanel
        className={styles.heat}
        note={`of ${stage.stage}; drag to mark a range`}
        title={`Durations of ${stage.stage} over time`}
        bounds={latency.bounds_ms}
        slices={stage.slices}
        stepSeconds={latency.step_seconds}
        range={range}
        text={durationText}
        what="passes"
      />
    </>
  );
}

/** 1 to 9 choose a stage, in their order. */
function useStageKeys(stages: readonly Stage[], choose: (stage: string) => void): void {
  useKeys(
    "Stages",
    stages.slice(0, 9).map(({ stage }, i) => ({ key: String(i + 1), what: `Show ${stage}`, run: () => choose(stage) })),
  );
}
