// j and k through the rows of a list: the focus goes along, so that Enter opens the row and screen readers read it.
import type { RefObject } from "react";
import { useKeys } from "../app/keys.ts";

/** Rows are the elements with `data-row` in `list` that take the focus (links, buttons). `what`: "trace", for the list of keys. */
export function useRowWalk(title: string, what: string, list: RefObject<HTMLElement | null>): void {
  const walk = (by: number) => {
    const rows = [...(list.current?.querySelectorAll<HTMLElement>("[data-row]") ?? [])];
    const at = rows.indexOf(document.activeElement as HTMLElement);
    const next = rows[at < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, at + by))];
    next?.focus();
    next?.scrollIntoView({ block: "nearest" });
  };
  useKeys(title, [
    { key: "j", what: `Next ${what}`, run: () => walk(1) },
    { key: "k", what: `Previous ${what}`, run: () => walk(-1) },
  ]);
}
