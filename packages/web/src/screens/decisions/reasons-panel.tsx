// Why decisions were as they were, most first; or which symbols and strategies flows were of.
import type { UseQueryResult } from "@tanstack/react-query";
import type { Answer, ApiProblem } from "../../api/client.ts";
import { BarList } from "../../charts/bar-list.tsx";
import { countText, shareText } from "../../format/number-text.ts";
import { Segments } from "../../ui/button.tsx";
import { AnswerState, Panel } from "../../ui/panel.tsx";
import { useParameters } from "../../url/search-parameters.ts";
import type { Funnel } from "./funnel-rows.ts";

/** What the server says of reasons. */
export type Reasons = Answer<"/api/telemetry/decisions/reasons">;

type Group = "reasons" | "symbols" | "strategies";

/** The panel. What is chosen filters the list of decisions. */
export function ReasonsPanel({
  reasons,
  funnel,
  className,
}: {
  readonly reasons: UseQueryResult<Reasons, ApiProblem>;
  readonly funnel: UseQueryResult<Funnel, ApiProblem>;
  readonly className: string | undefined;
}) {
  const [parameters, set] = useParameters();
  const group = groupOf(parameters.get("group"));
  return (
    <Panel
      title={group === "reasons" ? "Reasons" : group === "symbols" ? "Symbols" : "Strategies"}
      note={group === "reasons" ? totalsText(reasons.data) : "flows in, and their orders"}
      actions={
        <Segments
          label="Ranked by"
          value={group}
          options={[
            { value: "reasons", text: "reason" },
            { value: "symbols", text: "symbol" },
            { value: "strategies", text: "strategy" },
          ]}
          onChange={(value) => set({ group: value === "reasons" ? undefined : value }, { replace: true })}
        />
      }
      className={className}
      flush
    >
      {group === "reasons" ? <ByReason answer={reasons} /> : <ByOrigin answer={funnel} group={group} />}
    </Panel>
  );
}

function ByReason({ answer }: { readonly answer: UseQueryResult<Reasons, ApiProblem> }) {
  const [parameters, set] = useParameters();
  const chosen = parameters.get("reason_code") ?? undefined;
  return (
    <AnswerState
      answer={answer}
      isEmpty={({ reasons }) => reasons.length === 0}
      empty="Nothing was judged in this range. A decision is recorded by decisions.record(verdict)."
    >
      {({ reasons, total }) => (
        <BarList
          label="Decisions by reason"
          total={total}
          items={reasons.map(({ reason_code: reason, explanation, count, accepted }) => ({
            key: reason,
            name: reason,
            count,
            note: explanation,
            tone: accepted ? "accept" : "reject",
          }))}
          chosen={chosen}
          onChoose={(reason) => set({ reason_code: reason === chosen ? undefined : reason, decision: undefined })}
        />
      )}
    </AnswerState>
  );
}

function ByOrigin({
  answer,
  group,
}: {
  readonly answer: UseQueryResult<Funnel, ApiProblem>;
  readonly group: "symbols" | "strategies";
}) {
  const [parameters, set] = useParameters();
  const name = group === "symbols" ? "symbol" : "strategy";
  const chosen = parameters.get(name) ?? undefined;
  return (
    <AnswerState answer={answer} isEmpty={(funnel) => funnel[group].length === 0} empty={`No flow has a ${name}.`}>
      {(funnel) => (
        <BarList
          label={`Flows by ${name}`}
          total={funnel.entered}
          items={funnel[group].map((item) => ({
            key: "symbol" in item ? item.symbol : item.strategy,
            name: "symbol" in item ? item.symbol : item.strategy,
            count: item.entered,
            note: `${countText(item.orders)} ${item.orders === 1 ? "order" : "orders"}, ${shareText(item.orders, item.entered)} of them`,
          }))}
          chosen={chosen}
          onChoose={(value) => set({ [name]: value === chosen ? undefined : value })}
        />
      )}
    </AnswerState>
  );
}

function totalsText(reasons: Reasons | undefined): string | undefined {
  if (reasons === undefined) return undefined;
  return `${countText(reasons.accepted)} accepted, ${countText(reasons.rejected)} rejected`;
}

function groupOf(text: string | null): Group {
  return text === "symbols" || text === "strategies" ? text : "reasons";
}
