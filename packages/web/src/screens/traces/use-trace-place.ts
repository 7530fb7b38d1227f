// Where somebody is in a trace: the chosen span, what is closed, the part of time, the order. All of it is in the address.
import { useCallback, useMemo } from "react";
import { openNodes, type SpanNode, type SpanTree } from "../../charts/span-tree.ts";
import { parseWindow, type SpanWindow, windowText } from "../../charts/span-window.ts";
import { useParameters } from "../../url/search-parameters.ts";

/** The place, and how it is changed. */
export interface TracePlace {
  readonly nodes: readonly SpanNode[];
  readonly closed: ReadonlySet<string>;
  /** The chosen span; without a choice the first. */
  readonly selected: SpanNode | undefined;
  /** False: nobody has chosen a span. */
  readonly isChosen: boolean;
  readonly window: SpanWindow;
  readonly isWhole: boolean;
  /** The order whose way is shown. */
  readonly order: string | undefined;
  /** Only what was said in the chosen span is listed. */
  readonly isOnlySelected: boolean;
  select(spanId: string): void;
  toggle(spanId: string): void;
  setClosed(closed: ReadonlySet<string>): void;
  setWindow(window: SpanWindow | undefined): void;
  setOrder(order: string | undefined): void;
  setOnlySelected(isOnly: boolean): void;
}

/** An address must stay short enough to be sent to somebody. */
const MAX_CLOSED = 100;
const SEPARATOR = ".";

/** Reads the place from the address. */
export function useTracePlace(tree: SpanTree): TracePlace {
  const [parameters, set] = useParameters();
  const closedText = parameters.get("closed") ?? "";
  const closed = useMemo(
    () => new Set(closedText.split(SEPARATOR).filter((id) => tree.byId.has(id))),
    [closedText, tree],
  );
  const nodes = useMemo(() => openNodes(tree, closed), [tree, closed]);
  const zoomText = parameters.get("zoom") ?? undefined;
  const zoom = useMemo(() => parseWindow(zoomText, tree.duration), [zoomText, tree]);
  const whole = useMemo(() => ({ from: 0, to: tree.duration }), [tree]);
  const replace = useCallback((changes: Record<string, string | undefined>) => set(changes, { replace: true }), [set]);
  const setClosed = (ids: ReadonlySet<string>) => replace({ closed: [...ids].slice(-MAX_CLOSED).join(SEPARATOR) });
  const select = (spanId: string) => {
    // A span that is hidden is opened up to.
    const hidden = ancestorsOf(tree.byId.get(spanId)).filter((id) => closed.has(id));
    const open = new Set([...closed].filter((id) => !hidden.includes(id)));
    replace({ span: spanId, ...(hidden.length === 0 ? {} : { closed: [...open].join(SEPARATOR) }) });
  };
  return {
    nodes,
    closed,
    selected: tree.byId.get(parameters.get("span") ?? "") ?? tree.nodes[0],
    isChosen: tree.byId.has(parameters.get("span") ?? ""),
    window: zoom ?? whole,
    isWhole: zoom === undefined,
    order: parameters.get("order") ?? undefined,
    isOnlySelected: parameters.get("only") === "1",
    select,
    toggle: (spanId) => {
      const next = new Set(closed);
      if (!next.delete(spanId)) next.add(spanId);
      setClosed(next);
    },
    setClosed,
    setWindow: (window) => replace({ zoom: window === undefined ? undefined : windowText(window, tree.duration) }),
    setOrder: (order) => set({ order }),
    setOnlySelected: (isOnly) => replace({ only: isOnly ? "1" : undefined }),
  };
}

function ancestorsOf(node: SpanNode | undefined): readonly string[] {
  const ids: string[] = [];
  for (let at = node?.parent; at !== undefined; at = at.parent) ids.push(at.span.span_id);
  return ids;
}
