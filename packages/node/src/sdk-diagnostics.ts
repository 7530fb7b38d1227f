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
const API_KEY = Symbol.for("opentelemetry.js.api.1");

/** How the API refuses an SDK that comes second. */
const DUPLICATE = "Attempted duplicate registration of API: trace";

/**
 * Sends the SDK's diagnostics of at least `level` to `say`, one line each; `none` leaves them unheard. An SDK that is started after
 * ours, which would get nothing in silence, is told of at any level, once.
 */
export function hearSdk(level: LogLevel, say: (line: string) => void): void {
  // A logger that the host has set is the host's.
  if (level === "none" && hasLogger()) return;
  let toldOfAnother = false;
  const hear = (message: string, ...rest: unknown[]): void => {
    if (!toldOfAnother && message.includes(DUPLICATE)) {
      toldOfAnother = true;
      say(
        "another OpenTelemetry SDK was started after Tracebook's: it gets no spans, and what it instruments is seen twice. Leave its start out",
      );
    }
    if (level === "none") return;
    const text = [message, ...rest.map(describe)].join(" ");
    say(`tracebook: OpenTelemetry: ${toOneLine(text.slice(0, MAX_UNITS))}`);
  };
  diag.setLogger(
    { error: hear, warn: hear, info: hear, debug: hear, verbose: hear },
    { logLevel: level === "none" ? DiagLogLevel.ERROR : LEVELS[level], suppressOverrideMessage: true },
  );
}

/** The API does not tell; it keeps its globals under this name, which all its versions share. */
function hasLogger(): boolean {
  const api = (globalThis as Record<symbol, { readonly diag?: unknown } | undefined>)[API_KEY];
  return api?.diag !== undefined;
}

/** An error by its message; anything else by its type alone, since the SDK logs whole batches, with whatever is in them. */
function describe(value: unknown): string {
  if (value instanceof Error) return value.message;
  return typeof value === "string" || typeof value === "number" ? String(value) : typeof value;
}
