// The funnel from ticks to orders.
import type { UseQueryResult } from "@tanstack/react-query";
import type { ApiProblem } from "../../api/client.ts";
import { FunnelChart, type FunnelStep } from "../../charts/funnel-chart.tsx";
import { chooseScale, type FunnelScale } from "../../charts/funnel-scale.ts";
import { titleText } from "../../format/name-text.ts";
import { countText } from "../../format/number-text.ts";
import { Segments } from "../../ui/button.tsx";
import { AnswerState, Panel } from "../../ui/panel.tsx";
import { useParameters } from "../../url/search-parameters.ts";
import { type Funnel, toFunnelRows } from "./funnel-rows.ts";

/** The panel. A reason that is chosen filters the list of decisions. */
export function FunnelPanel({
  funnel,
  className,
}: {
  readonly funnel: UseQueryResult<Funnel, ApiProblem>;
  readonly className: string | undefined;
}) {
  const [parameters, set] = useParameters();
  const { data } = funnel;
  const scale = scaleOf(parameters.get("scale"), data);
  const chosen = parameters.get("reason_code") ?? undefined;
  return (
    <Panel
      title={`From ${nounOf(data)} to orders`}
      note={data === undefined || data.no_reason === 0 ? undefined : `${countText(data.no_reason)} without a reason`}
      actions={
        <Segments
          label="Scale of the bars"
          value={scale}
          options={[
            { value: "linear", text: "linear" },
            { value: "log", text: "log scale" },
          ]}
          onChange={(value) => set({ scale: value }, { replace: true })}
        />
      }
      className={className}
      flush
    >
      <AnswerState
        answer={funnel}
        isEmpty={({ steps, entered }) => steps.length === 0 || entered === 0}
        empty="No flow ended in this range. Flows are counted when a service that uses defineFlow() sends its metrics: choose a longer range, or see Telemetry health for what arrives."
      >
        {(answer) => (
          <FunnelChart
            label={`From ${nounOf(answer)} to orders, ${scale} scale`}
            steps={stepsOf(answer)}
            scale={scale}
            chosen={chosen}
            onChoose={(reason) => set({ reason_code: reason === chosen ? undefined : reason, decision: undefined })}
          />
        )}
      </AnswerState>
    </Panel>
  );
}

function stepsOf(funnel: Funnel): readonly FunnelStep[] {
  const steps = toFunnelRows(funnel).map(({ stage, count, ended, unexplained }, index) => ({
    key: `${index}/${stage}`,
    name: index === 0 && stage === "entered" ? `${titleText(nounOf(funnel))} in` : stage,
    count,
    drops: ended.map(({ reasonCode, ...end }) => ({ ...end, key: reasonCode, name: reasonCode })),
    problem:
      unexplained === 0 ? undefined : `${countText(Math.abs(unexplained))} ${unexplained > 0 ? "lost" : "too many"}`,
  }));
  return [...steps, { key: "orders", name: "Orders", count: funnel.orders, isGoal: true, drops: [] }];
}

/** Ticks, signals, messages: flows by their name. */
function nounOf(funnel: Funnel | undefined): string {
  const flow = funnel?.flow ?? "";
  return /^[a-z]+$/.test(flow) ? `${flow}s` : "flows";
}

function scaleOf(asked: string | null, funnel: Funnel | undefined): FunnelScale {
  if (asked === "linear" || asked === "log") return asked;
  return funnel === undefined ? "linear" : chooseScale([...funnel.steps.map(({ count }) => count), funnel.orders]);
}
