// What of the decisions is listed: their outcome, their reason, their unit.
import { X } from "lucide-react";
import { useRef } from "react";
import { useKeys } from "../../app/keys.ts";
import { Button, Segments, Select } from "../../ui/button.tsx";
import { Mark } from "../../ui/mark.tsx";
import { useParameters } from "../../url/search-parameters.ts";
import { LIST_FILTERS } from "./decision-filters.ts";
import styles from "./decision-list.module.css";
import type { Reasons } from "./reasons-panel.tsx";

/** The filters, in the address. */
export function ListFilters({
  reasons,
  units,
}: {
  readonly reasons: Reasons | undefined;
  readonly units: readonly string[];
}) {
  const [parameters, set] = useParameters();
  const reason = useRef<HTMLSpanElement>(null);
  useKeys("Filters", [
    { key: "/", what: "Choose a reason", run: () => reason.current?.querySelector("select")?.focus() },
  ]);
  const isFiltered = LIST_FILTERS.some((name) => parameters.has(name));
  return (
    <>
      <Segments
        label="Decision"
        value={parameters.get("decision") ?? ""}
        options={[
          { value: "", text: "All" },
          { value: "ACCEPT", text: <Word tone="accept" text="Accept" /> },
          { value: "REJECT", text: <Word tone="reject" text="Reject" /> },
        ]}
        onChange={(decision) => set({ decision })}
      />
      <span ref={reason}>
        <Select
          label="Reason"
          all="All reasons"
          value={parameters.get("reason_code") ?? ""}
          options={(reasons?.reasons ?? []).map(({ reason_code: value }) => ({ value }))}
          onChange={(code) => set({ reason_code: code })}
        />
      </span>
      {(units.length > 1 || parameters.has("edge_unit")) && (
        <Select
          label="Unit"
          all="All units"
          value={parameters.get("edge_unit") ?? ""}
          options={units.map((value) => ({ value }))}
          onChange={(unit) => set({ edge_unit: unit })}
        />
      )}
      {isFiltered && (
        <Button
          aria-label="Take the filters out"
          title="Take the filters out"
          onClick={() => set(Object.fromEntries(LIST_FILTERS.map((name) => [name, undefined])))}
        >
          <X size={14} />
        </Button>
      )}
    </>
  );
}

function Word({ tone, text }: { readonly tone: "accept" | "reject"; readonly text: string }) {
  return (
    <>
      <Mark tone={tone} size={9} />
      <span className={styles.word}>{text}</span>
    </>
  );
}
