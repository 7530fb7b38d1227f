// The order of the spans of a trace.
import type { StoredSpan } from "../stored-event.ts";

/** By start. Of spans that began together, since a clock of milliseconds says no more, parents come before their children. */
export function parentsFirst(spans: readonly StoredSpan[]): readonly StoredSpan[] {
  const depths = depthsOf(spans);
  // Sorting is stable: what is equal stays in the order of writing.
  return [...spans].sort(
    (a, b) => byStart(a, b) || (depths.get(a.span_id) as number) - (depths.get(b.span_id) as number),
  );
}

function byStart(a: StoredSpan, b: StoredSpan): number {
  if (a.start_time !== b.start_time) return a.start_time < b.start_time ? -1 : 1;
  return a.start_nanos - b.start_nanos;
}

/** How many ancestors each span has here. */
function depthsOf(spans: readonly StoredSpan[]): ReadonlyMap<string, number> {
  const parents = new Map(spans.map((span) => [span.span_id, span.parent_span_id]));
  const depths = new Map<string, number>();
  for (const { span_id: id } of spans) {
    const path: string[] = [];
    // Spans that name each other as parents are on the path already.
    const seen = new Set<string>();
    let at: string | null | undefined = id;
    while (typeof at === "string" && parents.has(at) && !depths.has(at) && !seen.has(at)) {
      path.push(at);
      seen.add(at);
      at = parents.get(at);
    }
    let depth = typeof at === "string" ? (depths.get(at) ?? -1) : -1;
    for (const one of path.reverse()) depths.set(one, ++depth);
  }
  return depths;
}
