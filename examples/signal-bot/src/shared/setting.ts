// Settings from the environment that nothing can be in place of.

/** What the variable says. Throws one line that names it where it is absent or empty. */
export function requiredSetting(env: NodeJS.ProcessEnv, name: string): string {
  const value = env[name];
  if (value === undefined || value.trim() === "") throw new Error(`${name} is not set: it must not be empty`);
  return value;
}

/** A port: a whole number from 0 (any free one) to 65535; `fallback` where the variable is absent or empty. Throws with its name. */
export function portSetting(env: NodeJS.ProcessEnv, name: string, fallback: number): number {
  const given = env[name]?.trim() ?? "";
  if (given === "") return fallback;
  const port = Number(given);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new Error(`${name} ${given}: give a whole number from 0 to 65535`);
}
