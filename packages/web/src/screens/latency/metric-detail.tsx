// One metric over time: numbers as lines, histograms as percentiles and a heatmap; filtered by labels.
import type { ReactNode } from "react";
import { useAnswer } from "../../api/use-answer.ts";
import { durationText } from "../../format/duration-text.ts";
import { unitAxisText, unitName, unitText } from "../../format/unit-text.ts";
import { Select } from "../../ui/button.tsx";
import { AnswerState, Panel } from "../../ui/panel.tsx";
import { useParameters } from "../../url/search-parameters.ts";
import { useTimeRange } from "../../url/time-range.ts";
import { HistogramPanels } from "./histogram-panels.tsx";
import { labelChange, labelFilter, labelQuery } from "./label-parameters.ts";
import styles from "./metric-detail.module.css";
import type { MetricEntry } from "./metric-entry.ts";
import type { MetricPanelProps } from "./metric-panel-props.ts";
import { labelChoices } from "./metric-series.ts";
import { NumberPanels } from "./number-panels.tsx";

/** What is shown of which metric. */
export interface MetricDetailProps {
  readonly name: string;
  /** What the list says of it; undefined: the list does not have it (any more). */
  readonly entry: MetricEntry | undefined;
  readonly tabs: ReactNode;
}

const MAX_LABELS = 6;
const MAX_CHOICES = 200;

/** The metric. */
export function MetricDetail({ name, entry, tabs }: MetricDetailProps) {
  const { range } = useTimeRange();
  const [parameters] = useParameters();
  const filter = labelFilter(parameters);
  const query = { start_time: range.startTime, end_time: range.endTime, step_seconds: range.stepSeconds };
  const values = { name };
  const label = labelQuery(filter);
  const answer = useAnswer("/api/telemetry/metrics/{name}", label.length === 0 ? query : { ...query, label }, {
    values,
  });
  // What there is to choose from does not change with what is chosen.
  const whole = useAnswer("/api/telemetry/metrics/{name}", query, {
    values,
    freshMs: 30_000,
    enabled: label.length > 0,
  });
  const unfiltered = label.length === 0 ? answer.data : whole.data;
  const unit = entry?.unit ?? answer.data?.numbers[0]?.unit ?? "";
  return (
    <AnswerState answer={answer}>
      {(data) => {
        const props = {
          title: name.slice(0, 255),
          note: entry?.description.slice(0, 400) ?? "",
          actions: tabs,
          filters: <LabelChoices series={[...(unfiltered?.numbers ?? []), ...(unfiltered?.histograms ?? [])]} />,
          data,
          range,
          unit,
          text: unitText(unit),
          axisText: unitAxisText(unit),
          what: unitName(unit),
          step: durationText(data.step_seconds * 1000),
        };
        if (data.histograms.length > 0) return <HistogramPanels {...props} />;
        return data.numbers.length > 0 ? (
          <NumberPanels {...props} />
        ) : (
          <NoPoints {...props} isFiltered={label.length > 0} />
        );
      }}
    </AnswerState>
  );
}

function NoPoints({
  title,
  note,
  actions,
  filters,
  isFiltered,
}: Pick<MetricPanelProps, "title" | "note" | "actions" | "filters"> & { readonly isFiltered: boolean }) {
  return (
    <Panel title={title} note={note} actions={actions}>
      {filters}
      <p className={styles.nothing}>
        {isFiltered ? "No series has these labels in this range." : "No point of it arrived in this range."}
      </p>
    </Panel>
  );
}

/** A choice for each label that has more than one value, or is chosen. */
function LabelChoices({ series }: { readonly series: Parameters<typeof labelChoices>[0] }) {
  const [parameters, set] = useParameters();
  const filter = labelFilter(parameters);
  const choices = [...labelChoices(series)].filter(([name, values]) => values.length > 1 || filter.has(name));
  for (const name of filter.keys()) if (!choices.some(([known]) => known === name)) choices.push([name, []]);
  if (choices.length === 0) return null;
  return (
    <div className={styles.filters}>
      {choices.slice(0, MAX_LABELS).map(([name, values]) => (
        <Select
          key={name}
          label={name.slice(0, 100)}
          all={`Any ${name.slice(0, 40)}`}
          value={filter.get(name) ?? ""}
          options={values.slice(0, MAX_CHOICES).map((value) => ({ value, text: value.slice(0, 80) || "(empty)" }))}
          onChange={(value) => set(labelChange(name, value))}
        />
      ))}
    </div>
  );
}
