// What the feed is narrowed to: types, a run, a user, a category, a text. Symbol and range are above, for all screens.
import { type RefObject, useEffect, useMemo, useState } from "react";
import { useAnswer } from "../../api/use-answer.ts";
import { agoText } from "../../format/time-text.ts";
import { Button, Select, TextField } from "../../ui/button.tsx";
import { ChoiceField } from "../../ui/choice-field.tsx";
import { GroupedSelect } from "../../ui/grouped-select.tsx";
import { useParameters } from "../../url/search-parameters.ts";
import type { TimeRange } from "../../url/time-range.ts";
import { fromValue, toValue, typeChoices } from "./type-choices.ts";

/** The filters, in the address. */
export function FeedFilters({
  range,
  search,
}: {
  readonly range: TimeRange;
  readonly search: RefObject<HTMLInputElement | null>;
}) {
  const [parameters, set] = useParameters();
  const facets = useAnswer(
    "/api/telemetry/facets",
    { start_time: range.startTime, end_time: range.endTime, limit: 100 },
    { everyMs: 30_000, freshMs: 30_000 },
  ).data;
  const activity = useAnswer(
    "/api/telemetry/user-activity",
    { start_time: range.startTime, end_time: range.endTime },
    { everyMs: 60_000, freshMs: 60_000 },
  ).data;
  const categories = useMemo(
    () => [...new Set(activity?.hours.map(({ event_category: category }) => category ?? ""))].sort(),
    [activity],
  );
  const runs = useMemo(
    () => (facets?.runs ?? []).map(({ value, last_timestamp: last }) => ({ value, text: runText(value, last) })),
    [facets?.runs],
  );
  const choice = { type: parameters.get("type") ?? undefined, show: parameters.get("show") ?? undefined };
  const isEvidence = toValue(choice) === EVIDENCE;
  return (
    <>
      <GroupedSelect
        label="Type of event"
        all="All events"
        value={toValue(choice)}
        groups={typeChoices(facets?.event_types ?? [], choice)}
        onChange={(value) => set({ ...fromValue(value) })}
      />
      <Button
        isOn={isEvidence}
        hint="e"
        title="Decisions and orders alone (e)"
        onClick={() => set({ ...fromValue(isEvidence ? "" : EVIDENCE) })}
      >
        Evidence
      </Button>
      <Select
        label="Run"
        all="All runs"
        value={parameters.get("run") ?? ""}
        options={runs}
        onChange={(run) => set({ run })}
      />
      <ChoiceField
        label="Category"
        placeholder="Any category"
        value={parameters.get("category") ?? ""}
        options={categories}
        onChange={(category) => set({ category })}
      />
      <ChoiceField
        label="User"
        placeholder="Any user"
        value={parameters.get("user") ?? ""}
        options={[]}
        onChange={(user) => set({ user })}
      />
      <FilterText
        value={parameters.get("text") ?? ""}
        field={search}
        onChange={(text) => set({ text }, { replace: true })}
      />
    </>
  );
}

/** The value of the list for evidence alone. */
export const EVIDENCE = "show:evidence";

function runText(run: string, last: string): string {
  return `${run.slice(0, 12)}${run.length > 12 ? "…" : ""}, ${agoText(last, Date.now())}`;
}

const SETTLE_MS = 250;

/** Written at once, asked for once nobody types. */
function FilterText({
  value,
  field,
  onChange,
}: {
  readonly value: string;
  readonly field: RefObject<HTMLInputElement | null>;
  readonly onChange: (value: string) => void;
}) {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what is typed sets the timer.
  useEffect(() => {
    if (text === value) return;
    const timer = setTimeout(() => onChange(text), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <TextField ref={field} label="Text in events" placeholder="Text in events ( / )" value={text} onChange={setText} />
  );
}
