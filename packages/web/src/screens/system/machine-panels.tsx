// What each machine and process uses now, and processor, memory and disk over time.
import { useMemo } from "react";
import { TimeChart } from "../../charts/time-chart.tsx";
import { toUcum } from "../../format/metric-unit.ts";
import { countText } from "../../format/number-text.ts";
import { unitAxisText, unitText } from "../../format/unit-text.ts";
import { HowTo } from "../../ui/how-to.tsx";
import { AnswerState, Empty, Panel } from "../../ui/panel.tsx";
import { useTimeRange } from "../../url/time-range.ts";
import styles from "./machine-panels.module.css";
import { machineKey, machineRows, USAGES } from "./machine-rows.ts";
import { MachineTable } from "./machine-table.tsx";
import { type Lines, MAX_LINES, meanLines } from "./timeline-lines.ts";
import { type Timeline, useTimeline } from "./use-timeline.ts";

/** The panels: one table, three charts. */
export function MachinePanels() {
  const [cpu, memory, disk] = USAGES.map(({ metric }) => metric);
  const answers = [useTimeline(cpu), useTimeline(memory), useTimeline(disk)];
  const [cpuData, memoryData, diskData] = answers.map(({ data }) => data);
  const machines = useMemo(
    () => machineRows([cpuData, memoryData, diskData].map((one) => one?.series ?? [])),
    [cpuData, memoryData, diskData],
  );
  const colors = useMemo(
    () => new Map(machines.slice(0, MAX_LINES).map(({ key }, i) => [key, `series-${i + 1}`])),
    [machines],
  );
  const failed = answers.find(({ error, data }) => error !== null && data === undefined);
  const answer = failed ?? answers.find(({ data }) => data === undefined) ?? answers[0];
  if (answer === undefined) return null;
  return (
    <>
      <Panel
        title="Machines and processes"
        note={machines.length === 0 ? undefined : `${countText(machines.length)}, what they use now`}
        flush
      >
        <AnswerState answer={answer}>
          {() => (machines.length === 0 ? <NoMachines /> : <MachineTable machines={machines} colors={colors} />)}
        </AnswerState>
      </Panel>
      {machines.length > 0 && (
        <div className={styles.charts}>
          {USAGES.map(({ title }, i) => (
            <UsageChart key={title} title={title} data={answers[i]?.data} colors={colors} />
          ))}
        </div>
      )}
    </>
  );
}

function NoMachines() {
  return (
    <HowTo
      lead="No machine has reported in this range."
      text="A service that runs with telemetry measures its machine once a minute: cpu_usage, memory_usage, disk_usage."
      line="TELEMETRY_ENABLED=true node --import @tracebook/node/register app.js"
    />
  );
}

interface UsageChartProps {
  readonly title: string;
  readonly data: Timeline | undefined;
  /** The color of each machine; those that have none share the quietest. */
  readonly colors: ReadonlyMap<string, string>;
}

function UsageChart({ title, data, colors }: UsageChartProps) {
  const { range, setFixed } = useTimeRange();
  const lines = useMemo(() => linesOf(data, colors), [data, colors]);
  const unit = toUcum(data?.series[0]?.metric_unit ?? "%");
  const count = data?.series.length ?? 0;
  const note = count > MAX_LINES ? `the ${MAX_LINES} largest of ${countText(count)}` : undefined;
  return (
    <Panel title={title} note={note}>
      {lines.times.length === 0 ? (
        <Empty>{title} was not measured in this range.</Empty>
      ) : (
        <TimeChart
          title={`${title} over time`}
          {...lines}
          from={range.from}
          to={range.to}
          text={(value) => unitText(unit)(Number(value.toPrecision(3)))}
          axisText={unitAxisText(unit)}
          height={150}
          onSelect={setFixed}
        />
      )}
    </Panel>
  );
}

/** Lines in the colors of their machines; where a machine has several (file systems), each in one of its own. */
function linesOf(data: Timeline | undefined, colors: ReadonlyMap<string, string>): Lines {
  const series = data?.series ?? [];
  const isOneEach = new Set(series.map(machineKey)).size === series.length;
  return meanLines(series, data?.step_seconds ?? 60, (one, at) =>
    isOneEach ? (colors.get(machineKey(one)) ?? "series-6") : `series-${at + 1}`,
  );
}
