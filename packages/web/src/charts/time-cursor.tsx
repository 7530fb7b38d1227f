// The moment the pointer is at, shared by all charts of a screen: one crosshair through all of them.
import { createContext, type ReactNode, useContext, useEffect, useState } from "react";

/** The shared moment. */
export interface TimeCursor {
  /** Seconds since 1970; undefined: nowhere. `source` is whoever says it, and does not hear of it. */
  set(time: number | undefined, source: object): void;
  subscribe(listener: (time: number | undefined, source: object) => void): () => void;
}

const Cursor = createContext<TimeCursor | undefined>(undefined);

/** Charts inside share one crosshair. */
export function SharedTimeCursor({ children }: { readonly children: ReactNode }) {
  const [cursor] = useState(createTimeCursor);
  return <Cursor value={cursor}>{children}</Cursor>;
}

/** The crosshair of the screen; one of its own for a chart that stands alone. */
function useTimeCursor(): TimeCursor {
  const [own] = useState(createTimeCursor);
  return useContext(Cursor) ?? own;
}

/** Calls `listener` when the pointer moves in a chart other than `source`. */
export function useCursorTime(source: object, listener: (time: number | undefined) => void): TimeCursor {
  const cursor = useTimeCursor();
  useEffect(() => cursor.subscribe((time, from) => from !== source && listener(time)), [cursor, source, listener]);
  return cursor;
}

function createTimeCursor(): TimeCursor {
  const listeners = new Set<(time: number | undefined, source: object) => void>();
  return {
    set(time, source) {
      for (const listener of listeners) listener(time, source);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
