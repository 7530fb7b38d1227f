// Colours of the theme for what draws on a canvas.
import { useMemo } from "react";
import { useTheme } from "../app/theme.ts";

/** Gives the colour of a custom property (`accent`), new with each theme. */
export function useThemeColors(): (name: string) => string {
  const [theme] = useTheme();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the colours are other ones when the theme is another one.
  return useMemo(() => {
    const style = getComputedStyle(document.documentElement);
    return (name: string) => style.getPropertyValue(`--${name}`).trim();
  }, [theme]);
}
