// What a screen shows is in its address, so that it can be shared: one hook for each parameter of the query.
import { useCallback, useMemo } from "react";
import { useLocation, useSearch } from "wouter";

/** Sets parameters of the address; undefined or an empty text takes one out. */
export type SetParameters = (
  changes: Readonly<Record<string, string | undefined>>,
  options?: { readonly replace?: boolean },
) => void;

/** All parameters of the address, and how they are set. A change is an entry of the browser's history, unless it replaces. */
export function useParameters(): [URLSearchParams, SetParameters] {
  const search = useSearch();
  const [path, navigate] = useLocation();
  const set = useCallback<SetParameters>(
    (changes, options = {}) => {
      // Of this moment, not of the last drawing: two changes in a row must both count.
      const next = new URLSearchParams(window.location.search);
      for (const [name, value] of Object.entries(changes)) {
        if (value === undefined || value === "") next.delete(name);
        else next.set(name, value);
      }
      const text = next.toString();
      navigate(text === "" ? path : `${path}?${text}`, { replace: options.replace ?? false });
    },
    [path, navigate],
  );
  return [useMemo(() => new URLSearchParams(search), [search]), set];
}

/** One parameter: its text (undefined when it is not there), and how it is set. */
export function useParameter(
  name: string,
): [string | undefined, (value: string | undefined, replace?: boolean) => void] {
  const [parameters, set] = useParameters();
  const change = useCallback(
    (value: string | undefined, replace = false) => set({ [name]: value }, { replace }),
    [name, set],
  );
  return [parameters.get(name) ?? undefined, change];
}

/** The address of another screen, with the range and the filters that all screens share, and further parameters. */
export function sharedAddress(
  path: string,
  current: URLSearchParams,
  more: Readonly<Record<string, string | undefined>> = {},
): string {
  const next = new URLSearchParams();
  for (const name of SHARED) {
    const value = current.get(name);
    if (value !== null) next.set(name, value);
  }
  for (const [name, value] of Object.entries(more)) {
    if (value === undefined || value === "") next.delete(name);
    else next.set(name, value);
  }
  const text = next.toString();
  return text === "" ? path : `${path}?${text}`;
}

/** What stays when the screen changes. */
const SHARED = ["range", "from", "to", "symbol", "strategy"] as const;
