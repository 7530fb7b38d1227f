// A value once it has not changed for a while: a slider that is being moved asks nothing.
import { useEffect, useState } from "react";

/** The last value that stood for `ms`. Values are the same when their JSON is. */
export function useDebounced<T>(value: T, ms: number): T {
  const [settled, setSettled] = useState(value);
  const text = JSON.stringify(value);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text is the value.
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), ms);
    return () => clearTimeout(timer);
  }, [text, ms]);
  return settled;
}
