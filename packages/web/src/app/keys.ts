// Keys of the page: what a screen offers stands in one table, from which they work and from which `?` shows them.
import { useEffect, useRef, useSyncExternalStore } from "react";

/** A key and what it does. */
export interface KeyBinding {
  /** As `KeyboardEvent.key` has it: `j`, `/`, `?`, `Enter`, `Escape`, ` `; two in a row as `g l`. */
  readonly key: string;
  /** What it does, in a few words, for the list of keys. */
  readonly what: string;
  readonly run: () => void;
}

interface Group {
  readonly title: string;
  bindings: readonly KeyBinding[];
}

const groups: Group[] = [];
const listeners = new Set<() => void>();
let snapshot: readonly Group[] = [];

/** Offers keys while the component is there. Of two that offer the same, the one that came last has it. */
export function useKeys(title: string, bindings: readonly KeyBinding[]): void {
  const latest = useRef<Group>({ title, bindings });
  latest.current.bindings = bindings;
  useEffect(() => {
    const group = latest.current;
    groups.push(group);
    changed();
    return () => {
      groups.splice(groups.indexOf(group), 1);
      changed();
    };
  }, []);
}

/** All groups of keys that are offered now. */
export function useOfferedKeys(): readonly Group[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => snapshot,
  );
}

/** Begins to listen. Returns the function that ends it. */
export function listenToKeys(target: Window): () => void {
  let first: string | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (isTyping(event)) return;
    const pressed = first === undefined ? event.key : `${first} ${event.key}`;
    clearTimeout(timer);
    first = undefined;
    const binding = find(pressed) ?? find(event.key);
    if (binding !== undefined) {
      event.preventDefault();
      binding.run();
    } else if (beginsPair(event.key)) {
      first = event.key;
      timer = setTimeout(() => {
        first = undefined;
      }, 1_000);
    }
  };
  target.addEventListener("keydown", onKey);
  return () => target.removeEventListener("keydown", onKey);
}

/** Whoever writes means the letters, except that Escape always gets out; buttons and links have space and Enter for themselves. */
function isTyping(event: KeyboardEvent): boolean {
  const element = event.target instanceof HTMLElement ? event.target : undefined;
  if (element === undefined) return false;
  if (/^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName) || element.isContentEditable) {
    if (event.key === "Escape") element.blur();
    return true;
  }
  return /^(BUTTON|A|SUMMARY)$/.test(element.tagName) && (event.key === " " || event.key === "Enter");
}

function find(key: string): KeyBinding | undefined {
  for (let i = groups.length - 1; i >= 0; i--) {
    const found = groups[i]?.bindings.find((binding) => binding.key === key);
    if (found !== undefined) return found;
  }
  return undefined;
}

function beginsPair(key: string): boolean {
  return groups.some(({ bindings }) => bindings.some((binding) => binding.key.startsWith(`${key} `)));
}

function changed(): void {
  snapshot = [...groups];
  for (const listener of listeners) listener();
}
