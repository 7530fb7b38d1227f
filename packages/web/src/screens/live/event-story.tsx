// What is told of an event beyond its fields: the edge and the gates of a decision, the stack of an error, the text of a log.
import type { StoredEvent } from "../../api/client.ts";
import { BulletBar } from "../../charts/bullet-bar.tsx";
import { EdgeWaterfall } from "../../charts/edge-waterfall.tsx";
import { decimalText } from "../../format/decimal-text.ts";
import { edgeMeter, gateMeter, gatesOf } from "../../live/cards/decision-cards.ts";
import type { EventFields } from "../../live/cards/field-text.ts";
import { textField } from "../../live/cards/field-text.ts";
import { Mark } from "../../ui/mark.tsx";
import styles from "./event-story.module.css";

/** The story; nothing for an event whose fields say it all. */
export function EventStory({ event }: { readonly event: StoredEvent }) {
  const { data } = event;
  const gates = gatesOf(data);
  const stack = STACKS.map((name) => data[name]).find((value) => typeof value === "string" && value !== "");
  return (
    <>
      {data["net_edge"] !== undefined && <Edge data={data} />}
      {gates.length > 0 && <Gates gates={gates} />}
      {typeof stack === "string" && <Stack text={stack} />}
    </>
  );
}

const STACKS = ["traceback", "stack", "stacktrace", "exception.stacktrace", "error_stack"];
const MAX_STACK = 20_000;
const MAX_GATES = 50;

function Edge({ data }: { readonly data: EventFields }) {
  const amount = (name: string) => textField(data, name) ?? null;
  const isReached = edgeMeter(data)?.isMet;
  return (
    <div className={styles.part}>
      <h3>Edge</h3>
      <EdgeWaterfall
        label="From gross edge to net edge"
        unit={amount("edge_unit")}
        line={{ label: "threshold", amount: amount("min_threshold") }}
        rows={[
          { kind: "start", label: "gross edge", amount: amount("gross_edge") },
          { kind: "cost", label: "fees", amount: amount("fees_est") },
          { kind: "cost", label: "slippage", amount: amount("slippage_est") },
          { kind: "cost", label: "gas", amount: amount("gas_est") },
          { kind: "cost", label: "latency buffer", amount: amount("latency_buffer") },
          { kind: "result", label: "net edge", amount: amount("net_edge"), isReached },
        ]}
      />
    </div>
  );
}

function Gates({ gates }: { readonly gates: readonly EventFields[] }) {
  return (
    <div className={styles.part}>
      <h3>Gates</h3>
      <ul className={styles.gates}>
        {gates.slice(0, MAX_GATES).map((gate, index) => {
          const name = textField(gate, "gate_name") ?? "unnamed";
          const passed = gate["passed"] === true;
          const meter = gateMeter(gate);
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: gates have their place, and names may come twice.
            <li key={index}>
              <Mark tone={passed ? "accept" : "reject"} />
              <span className={styles.gate} title={name}>
                {name}
                <span className="visually-hidden">{passed ? " passed" : " failed"}</span>
              </span>
              <span className={styles.score}>
                {meter === undefined
                  ? passed
                    ? "passed"
                    : (textField(gate, "reason_code") ?? "failed")
                  : `${decimalText(meter.value.slice(0, 24))} ${meter.relation} ${decimalText(meter.threshold.slice(0, 24))}`}
              </span>
              <BulletBar score={meter?.value} threshold={meter?.threshold} tone={passed ? "accept" : "reject"} />
            </li>
          );
        })}
      </ul>
    </div>
  );
}

function Stack({ text }: { readonly text: string }) {
  const lines = text.split("\n").length;
  return (
    <details className={styles.stack}>
      <summary>
        Stack, {lines} {lines === 1 ? "line" : "lines"}
      </summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard. */}
      <pre tabIndex={0}>{text.length > MAX_STACK ? `${text.slice(0, MAX_STACK)}…` : text}</pre>
    </details>
  );
}
