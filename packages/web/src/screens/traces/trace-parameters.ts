// What the address says of the list of traces: by the names that the API has for it.

/** The filters of the list, as texts of the address; undefined where nothing is asked for. */
export interface TraceFilters {
  readonly service: string | undefined;
  readonly operation: string | undefined;
  readonly decision: "ACCEPT" | "REJECT" | undefined;
  readonly reason: string | undefined;
  /** Milliseconds. */
  readonly min: string | undefined;
  readonly isErrorsOnly: boolean;
  readonly isSlowest: boolean;
  /** The page that begins before this `start_time`. */
  readonly before: string | undefined;
  /** A text that events of the traces contain. */
  readonly text: string | undefined;
}

/** Names of the parameters of the list. They stay in the address of a trace, so that the way back is the same list. */
export const LIST_PARAMETERS = [
  "service",
  "operation",
  "decision",
  "reason_code",
  "min_duration_ms",
  "has_error",
  "sort",
  "before",
  "text",
] as const;

const MILLISECONDS = /^\d{1,9}(\.\d{1,6})?$/;

/** Reads the filters; what the server would refuse is not there. */
export function traceFilters(parameters: URLSearchParams): TraceFilters {
  const text = (name: string) => parameters.get(name)?.slice(0, 1024) || undefined;
  const decision = parameters.get("decision");
  const min = parameters.get("min_duration_ms") ?? "";
  const isSlowest = parameters.get("sort") === "slowest";
  const before = parameters.get("before") ?? "";
  return {
    service: text("service"),
    operation: text("operation"),
    decision: decision === "ACCEPT" || decision === "REJECT" ? decision : undefined,
    reason: text("reason_code"),
    min: MILLISECONDS.test(min) && Number(min) > 0 ? min : undefined,
    isErrorsOnly: parameters.get("has_error") === "true",
    isSlowest,
    // Only the newest come by pages.
    before: isSlowest || Number.isNaN(Date.parse(before)) ? undefined : before,
    text: parameters.get("text")?.trim().slice(0, 200) || undefined,
  };
}

/** The parameters of the list that are in an address, to be kept in the next one. */
export function listParameters(parameters: URLSearchParams): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(LIST_PARAMETERS.map((name) => [name, parameters.get(name) ?? undefined]));
}

/** True when something narrows the list. */
export function isFiltered(filters: TraceFilters): boolean {
  const { service, operation, decision, reason, min, isErrorsOnly } = filters;
  return isErrorsOnly || [service, operation, decision, reason, min].some((value) => value !== undefined);
}

/** The id of a trace in what somebody has pasted: 32 hex digits, alone, in a `traceparent` or in an address; undefined: there is none. */
export function pastedTraceId(text: string): string | undefined {
  const id = /(?:^|[^0-9a-f])([0-9a-f]{32})(?![0-9a-f])/i.exec(text.trim())?.[1]?.toLowerCase();
  return id === undefined || /^0+$/.test(id) ? undefined : id;
}
