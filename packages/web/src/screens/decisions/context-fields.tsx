// What else was on the record of one decision: fields as text, whatever they are.
import { DataTree } from "../../ui/data-tree.tsx";
import styles from "./context-fields.module.css";
import { contextFields, type DecisionAnswer } from "./decision-record.ts";

/** The fields: those of the record's head first. */
export function ContextFields({ answer }: { readonly answer: DecisionAnswer }) {
  const { service_name, instance_id, seq, run_id, trace_id, span_id } = answer.event;
  const head = Object.entries({ service_name, instance_id, seq, run_id, trace_id, span_id });
  const fields = [...head.filter(([, value]) => value !== null), ...contextFields(answer)];
  return (
    <div className={styles.fields}>
      <DataTree data={Object.fromEntries(fields)} />
    </div>
  );
}
