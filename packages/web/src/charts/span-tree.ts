// The tree of a trace's spans, whatever the spans say: parents that are missing, that name each other, or that begin after their children.
import type { Span } from "../api/client.ts";
import { timestampMicros } from "../format/timestamp-micros.ts";

/** A span in its tree. Times are nanoseconds since the trace began, exact up to a hundred days. */
export interface SpanNode {
  readonly span: Span;
  /** Place in {@link SpanTree.nodes}. */
  readonly place: number;
  readonly parent: SpanNode | undefined;
  readonly children: readonly SpanNode[];
  /** All that is below it; it follows directly in {@link SpanTree.nodes}. */
  readonly descendants: number;
  readonly depth: number;
  readonly start: number;
  readonly end: number;
  /** `orphan`: its parent is not in this trace. `cycle`: it is its own ancestor, and was cut loose. */
  readonly problem: "orphan" | "cycle" | undefined;
}

/** A trace as a tree. */
export interface SpanTree {
  /** Parents before children, siblings by start. */
  readonly nodes: readonly SpanNode[];
  /** Of spans with the same id, the first. */
  readonly byId: ReadonlyMap<string, SpanNode>;
  /** Microseconds since 1970 at which the trace began, and the nanoseconds below (0 to 999). */
  readonly startMicros: number;
  readonly startNanos: number;
  /** Nanoseconds from the first start to the last end; at least 1. */
  readonly duration: number;
}

interface Draft {
  readonly span: Span;
  place: number;
  parent: Draft | undefined;
  readonly children: Draft[];
  descendants: number;
  depth: number;
  readonly start: number;
  readonly end: number;
  problem: SpanNode["problem"];
}

/** Builds the tree. Never recurses: ten thousand spans may all be children of each other. Cost: sorts once. */
export function buildSpanTree(spans: readonly Span[]): SpanTree {
  const first = earliest(spans);
  const drafts = spans.map((span) => draftOf(span, first));
  const byId = new Map<string, Draft>();
  for (const draft of drafts) if (!byId.has(draft.span.span_id)) byId.set(draft.span.span_id, draft);
  for (const draft of drafts) draft.parent = parentOf(draft, byId);
  cutCycles(drafts);
  for (const draft of drafts) draft.parent?.children.push(draft);
  const nodes = inOrder(drafts);
  const duration = nodes.reduce((longest, node) => Math.max(longest, node.end), 1);
  return { nodes, byId, startMicros: first.micros, startNanos: first.nanos, duration };
}

/** The nodes that are shown when the children of `closed` (ids of spans) are not. */
export function openNodes(tree: SpanTree, closed: ReadonlySet<string>): readonly SpanNode[] {
  if (closed.size === 0) return tree.nodes;
  const open: SpanNode[] = [];
  for (let place = 0; place < tree.nodes.length; place++) {
    const node = tree.nodes[place] as SpanNode;
    open.push(node);
    if (closed.has(node.span.span_id)) place += node.descendants;
  }
  return open;
}

function earliest(spans: readonly Span[]): { readonly micros: number; readonly nanos: number } {
  let micros = Number.POSITIVE_INFINITY;
  let nanos = 0;
  for (const { start_time: text, start_nanos: rest } of spans) {
    const at = timestampMicros(text);
    if (at < micros || (at === micros && rest < nanos)) [micros, nanos] = [at, rest];
  }
  return { micros: Number.isFinite(micros) ? micros : 0, nanos };
}

function draftOf(span: Span, first: { readonly micros: number; readonly nanos: number }): Draft {
  const at = (timestampMicros(span.start_time) - first.micros) * 1000 + (span.start_nanos - first.nanos);
  const start = Number.isFinite(at) ? at : 0;
  const length = Number.isFinite(span.duration_nanos) ? Math.max(0, span.duration_nanos) : 0;
  return {
    span,
    place: 0,
    parent: undefined,
    children: [],
    descendants: 0,
    depth: 0,
    start,
    end: start + length,
    problem: undefined,
  };
}

function parentOf(draft: Draft, byId: ReadonlyMap<string, Draft>): Draft | undefined {
  const { parent_span_id: id } = draft.span;
  if (id === null || id === "") return undefined;
  const parent = byId.get(id);
  if (parent === undefined) draft.problem = "orphan";
  return parent;
}

/** Of spans that are each other's ancestors, the one that began first loses its parent. */
function cutCycles(drafts: readonly Draft[]): void {
  const done = new Set<Draft>();
  for (const draft of drafts) {
    const path = new Set<Draft>();
    let at: Draft | undefined = draft;
    while (at !== undefined && !done.has(at) && !path.has(at)) {
      path.add(at);
      at = at.parent;
    }
    if (at !== undefined && path.has(at)) cut(at);
    for (const one of path) done.add(one);
  }
}

function cut(member: Draft): void {
  let first = member;
  for (let at = member.parent; at !== undefined && at !== member; at = at.parent)
    if (at.start < first.start) first = at;
  first.parent = undefined;
  first.problem = "cycle";
}

function inOrder(drafts: readonly Draft[]): Draft[] {
  const byStart = (a: Draft, b: Draft) => a.start - b.start;
  const nodes: Draft[] = [];
  const stack = drafts.filter((draft) => draft.parent === undefined).sort(byStart);
  stack.reverse();
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    node.place = nodes.length;
    node.depth = node.parent === undefined ? 0 : node.parent.depth + 1;
    nodes.push(node);
    node.children.sort(byStart);
    for (let i = node.children.length - 1; i >= 0; i--) stack.push(node.children[i] as Draft);
  }
  for (let i = nodes.length - 1; i >= 0; i--) {
    const node = nodes[i] as Draft;
    if (node.parent !== undefined) node.parent.descendants += node.descendants + 1;
  }
  return nodes;
}
