// Dark or light: as the system has it, until somebody chooses.
import { useCallback, useSyncExternalStore } from "react";

/** What is shown. */
export type Theme = "dark" | "light";

const KEY = "tracebook.theme";
const listeners = new Set<() => void>();

/** Puts the theme on the document. Call it before anything is drawn. */
export function applyTheme(): void {
  document.documentElement.dataset.theme = currentTheme();
}

/** The theme that is in force. */
function currentTheme(): Theme {
  const chosen = readChoice();
  if (chosen === "dark" || chosen === "light") return chosen;
  return matchMedia("(prefers-color-scheme: light)").matches ? "light" : "dark";
}

/** The theme, and how it is turned over. */
export function useTheme(): [Theme, () => void] {
  const theme = useSyncExternalStore(subscribe, currentTheme);
  const toggle = useCallback(() => {
    try {
      localStorage.setItem(KEY, currentTheme() === "dark" ? "light" : "dark");
    } catch {
      // Without storage the system's choice stays.
    }
    applyTheme();
    for (const listener of listeners) listener();
  }, []);
  return [theme, toggle];
}

function readChoice(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  const system = matchMedia("(prefers-color-scheme: light)");
  const changed = () => {
    applyTheme();
    listener();
  };
  system.addEventListener("change", changed);
  return () => {
    listeners.delete(listener);
    system.removeEventListener("change", changed);
  };
}
