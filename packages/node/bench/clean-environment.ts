// The environment of measured processes: the host's, without anything that configures telemetry or Node.

const CONFIGURES = /^(TELEMETRY_|OTEL_|NODE_OPTIONS$|NODE_V8_COVERAGE$|ENVIRONMENT$)/;

/** A copy of this process's environment with nothing in it that would change a figure, and `extra` on top. */
export function cleanEnvironment(extra: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !CONFIGURES.test(name));
  return { ...Object.fromEntries(kept), ...extra };
}
