// Traces: the list, or the one that the address names.
import { useRoute } from "wouter";
import { TraceList } from "./trace-list.tsx";
import { TracePage } from "./trace-page.tsx";

/** The screen. */
export function TracesScreen() {
  const [isOne, values] = useRoute("/traces/:id");
  return isOne ? <TracePage key={values.id} id={values.id ?? ""} /> : <TraceList />;
}
