// What the OpenTelemetry SDK says about itself, on stderr: its own console logger would put it on the host's stdout.
import { DiagLogLevel, diag } from "@opentelemetry/api";
import { toOneLine } from "./config-masking.ts";
import type { LogLevel } from "./config-options.ts";

const LEVELS: Readonly<Record<LogLevel, DiagLogLevel>> = {
  none: DiagLogLevel.NONE,
  error: DiagLogLevel.ERROR,
  warn: DiagLogLevel.WARN,
  info: DiagLogLevel.INFO,
  debug: DiagLogLevel.DEBUG,
  verbose: DiagLogLevel.VERBOSE,
  all: DiagLogLevel.ALL,
};
const MAX_UNITS = 500;

/** Sends the SDK's diagnostics of at least `level` to `say`, one line each; `none` leaves them unheard. */
export function hearSdk(level: LogLevel, say: (line: string) => void): void {
  if (level === "none") return;
  const hear = (message: string, ...rest: unknown[]): void => {
    const text = [message, ...rest.map(describe)].join(" ");
    say(`tracebook: OpenTelemetry: ${toOneLine(text.slice(0, MAX_UNITS))}`);
  };
  diag.setLogger(
    { error: hear, warn: hear, info: hear, debug: hear, verbose: hear },
    { logLevel: LEVELS[level], suppressOverrideMessage: true },
  );
}

/** An error by its message; anything else by its type alone, since the SDK logs whole batches, with whatever is in them. */
function describe(value: unknown): string {
  if (value instanceof Error) return value.message;
  return typeof value === "string" || typeof value === "number" ? String(value) : typeof value;
}
