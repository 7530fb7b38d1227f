// What narrows the list of traces: each filter is in the address.
import { useMemo, useRef } from "react";
import { useLocation } from "wouter";
import type { TraceSummary } from "../../api/client.ts";
import { useKeys } from "../../app/keys.ts";
import { useHealth } from "../../app/use-health.ts";
import { Button, Segments, Select } from "../../ui/button.tsx";
import { ChoiceField } from "../../ui/choice-field.tsx";
import { Mark } from "../../ui/mark.tsx";
import { sharedAddress, useParameters } from "../../url/search-parameters.ts";
import { flowFacts } from "./flow-facts.ts";
import styles from "./trace-filter-bar.module.css";
import { LIST_PARAMETERS, listParameters, pastedTraceId, type TraceFilters } from "./trace-parameters.ts";
import { TraceSearch } from "./trace-search.tsx";

/** What the bar needs. */
export interface TraceFilterBarProps {
  readonly filters: TraceFilters;
  /** Those that are shown, for what there is to choose from. */
  readonly traces: readonly TraceSummary[];
}

type Change = (name: (typeof LIST_PARAMETERS)[number], value: string | undefined) => void;

/** The bar. */
export function TraceFilterBar({ filters, traces }: TraceFilterBarProps) {
  const [parameters, set] = useParameters();
  const [, navigate] = useLocation();
  const search = useRef<HTMLInputElement>(null);
  // Another filter begins at the newest again.
  const change: Change = (name, value) => set({ [name]: value, before: undefined }, { replace: name === "text" });
  const find = (text: string) => {
    const id = pastedTraceId(text);
    if (id === undefined) change("text", text);
    else navigate(sharedAddress(`/traces/${id}`, parameters, { ...listParameters(parameters), text: undefined }));
  };
  useKeys("Filters", [
    { key: "/", what: "Search", run: () => search.current?.focus() },
    { key: "e", what: "Only errors", run: () => change("has_error", filters.isErrorsOnly ? undefined : "true") },
    { key: "s", what: "Newest or slowest", run: () => change("sort", filters.isSlowest ? undefined : "slowest") },
  ]);
  const others = LIST_PARAMETERS.filter((name) => name !== "sort");
  return (
    <search className={styles.bar} aria-label="Traces">
      <TraceSearch ref={search} value={filters.text ?? ""} onFind={find} />
      <FilterFields filters={filters} traces={traces} change={change} />
      <Segments
        label="Order"
        value={filters.isSlowest ? "slowest" : "newest"}
        options={[
          { value: "newest", text: "Newest" },
          { value: "slowest", text: "Slowest" },
        ]}
        onChange={(value) => change("sort", value === "newest" ? undefined : value)}
      />
      {others.some((name) => parameters.has(name)) && (
        <Button onClick={() => set(Object.fromEntries(others.map((name) => [name, undefined])))}>Clear</Button>
      )}
    </search>
  );
}

function FilterFields({ filters, traces, change }: TraceFilterBarProps & { readonly change: Change }) {
  const known = useKnown(traces);
  const choices = [
    ["Service", "service", filters.service, known.services],
    ["Operation", "operation", filters.operation, known.operations],
    ["Reason", "reason_code", filters.reason, known.reasons],
  ] as const;
  return (
    <>
      {choices.map(([label, name, value = "", options]) => (
        <ChoiceField
          key={name}
          label={label}
          placeholder={label}
          value={value}
          options={options}
          onChange={(chosen) => change(name, chosen)}
        />
      ))}
      <Select
        label="Decision"
        all="Any decision"
        value={filters.decision ?? ""}
        options={[{ value: "ACCEPT" }, { value: "REJECT" }]}
        onChange={(value) => change("decision", value)}
      />
      <ChoiceField
        label="Least duration in milliseconds"
        placeholder="At least … ms"
        width={104}
        isNumber
        value={filters.min ?? ""}
        options={[]}
        onChange={(value) => change("min_duration_ms", value.replace(",", "."))}
      />
      <Button
        isOn={filters.isErrorsOnly}
        hint="e"
        onClick={() => change("has_error", filters.isErrorsOnly ? undefined : "true")}
      >
        <Mark tone="error" size={9} /> Errors
      </Button>
    </>
  );
}

/** Services that write into the store, and what the traces in the list have. */
function useKnown(traces: readonly TraceSummary[]) {
  const sources = useHealth().data?.sources;
  return useMemo(() => {
    const facts = traces.map(({ root }) => flowFacts(root));
    return {
      services: sorted([
        ...(sources ?? []).map((one) => one.service_name),
        ...traces.map(({ root }) => root.service_name),
      ]),
      operations: sorted(traces.map(({ root }) => root.operation_name)),
      reasons: sorted(facts.map(({ reasonCode }) => reasonCode)),
    };
  }, [traces, sources]);
}

function sorted(values: readonly (string | undefined)[]): readonly string[] {
  return [...new Set(values)].filter((value) => value !== undefined && value !== "").sort() as string[];
}
