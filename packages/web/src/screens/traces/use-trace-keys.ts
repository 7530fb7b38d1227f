// The keys of a trace: through its spans, closer and back.
import type { RefObject } from "react";
import { useKeys } from "../../app/keys.ts";
import type { SpanNode } from "../../charts/span-tree.ts";
import { scaledWindow, windowAround } from "../../charts/span-window.ts";
import type { TracePlace } from "./use-trace-place.ts";

const CLOSER = 0.5;

/** Offers the keys. `detail` takes the focus with Enter; `onBack` goes to the list. */
export function useTraceKeys(place: TracePlace, detail: RefObject<HTMLElement | null>, onBack: () => void): void {
  const { nodes, selected, closed, window } = place;
  const at = selected === undefined ? -1 : nodes.indexOf(selected);
  const go = (to: number) => {
    const node = nodes[Math.min(nodes.length - 1, Math.max(0, to))];
    if (node !== undefined) place.select(node.span.span_id);
  };
  const isClosed = selected !== undefined && closed.has(selected.span.span_id);
  const isOpen = selected !== undefined && selected.children.length > 0 && !isClosed;
  const nextError = nodes.slice(at + 1).find(isError) ?? nodes.find(isError);
  useKeys("Trace", [
    { key: "j", what: "Next span", run: () => go(at + 1) },
    { key: "k", what: "Previous span", run: () => go(at - 1) },
    {
      key: "ArrowLeft",
      what: "Close, or to the parent",
      run: () => {
        if (isOpen) place.toggle(selected.span.span_id);
        else if (selected?.parent !== undefined) place.select(selected.parent.span.span_id);
      },
    },
    {
      key: "ArrowRight",
      what: "Open, or to the first child",
      run: () => {
        if (isClosed) place.toggle(selected.span.span_id);
        else if (isOpen) go(at + 1);
      },
    },
    { key: "e", what: "Next span with an error", run: () => nextError && place.select(nextError.span.span_id) },
    { key: "Enter", what: "To the span's details", run: () => detail.current?.focus() },
    { key: "z", what: "Closer: the chosen span", run: () => selected && place.setWindow(windowAround(selected)) },
    { key: "+", what: "Closer", run: () => place.setWindow(scaledWindow(window, CLOSER)) },
    { key: "-", what: "Farther", run: () => place.setWindow(scaledWindow(window, 1 / CLOSER)) },
    { key: "0", what: "The whole trace", run: () => place.setWindow(undefined) },
    { key: "l", what: "Only what the chosen span says", run: () => place.setOnlySelected(!place.isOnlySelected) },
    {
      key: "Escape",
      what: "Back: from the order, from the part, to the list",
      run: () => {
        if (place.order !== undefined) place.setOrder(undefined);
        else if (!place.isWhole) place.setWindow(undefined);
        else onBack();
      },
    },
  ]);
}

function isError({ span }: SpanNode): boolean {
  return span.status_code === 2;
}
