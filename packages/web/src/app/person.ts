// Who sits here: the name under which alerts are acknowledged, remembered in this browser.
import { useCallback, useSyncExternalStore } from "react";

const KEY = "tracebook.person";
const MAX_LENGTH = 200;
const listeners = new Set<() => void>();

/** The name, empty while nobody has said it, and how it is said. */
export function usePerson(): [string, (name: string) => void] {
  const name = useSyncExternalStore(subscribe, readName);
  const setName = useCallback((said: string) => {
    try {
      localStorage.setItem(KEY, said.trim().slice(0, MAX_LENGTH));
    } catch {
      // Without storage it is asked for each time.
    }
    for (const listener of listeners) listener();
  }, []);
  return [name, setName];
}

function readName(): string {
  try {
    return localStorage.getItem(KEY) ?? "";
  } catch {
    return "";
  }
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  // Said in another tab.
  window.addEventListener("storage", listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("storage", listener);
  };
}
