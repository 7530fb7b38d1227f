// Names of programs as people read them.

/** `signal_rejected` as "Signal rejected". */
export function titleText(name: string): string {
  const words = name.replaceAll(/[._-]+/g, " ").trim();
  return words === "" ? name : words.charAt(0).toUpperCase() + words.slice(1);
}
