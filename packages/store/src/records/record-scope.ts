// Which records a question is about, its values looked at.
import { rangeOf } from "../queries/event-scope.ts";
import { optionalText } from "../queries/query-values.ts";
import { minuteOf, type Range } from "../queries/range-parts.ts";
import type { BusinessMetricFilter, SystemMetricFilter } from "../stored-record.ts";

/** A filter of system metrics; what is undefined does not matter. */
export interface SystemScope extends Range {
  readonly metricName: string | undefined;
  readonly serviceName: string | undefined;
  readonly hostName: string | undefined;
  readonly metricType: string | undefined;
}

/** The same of figures of the business. */
export interface BusinessScope extends Range {
  readonly metricName: string | undefined;
  readonly metricCategory: string | undefined;
  readonly licenseId: string | undefined;
  readonly userId: string | undefined;
  readonly periodType: string | undefined;
  readonly currency: string | undefined;
}

const WHOLE_MINUTE = ":00.000000Z";
const MINUTE_S = 60;

/** Reads a filter; throws `invalid_query`. */
export function systemScopeOf(filter: SystemMetricFilter): SystemScope {
  return {
    ...rangeOf(filter),
    metricName: optionalText("metricName", filter.metricName),
    serviceName: optionalText("serviceName", filter.serviceName),
    hostName: optionalText("hostName", filter.hostName),
    metricType: optionalText("metricType", filter.metricType),
  };
}

/** Reads a filter; throws `invalid_query`. */
export function businessScopeOf(filter: BusinessMetricFilter): BusinessScope {
  return {
    ...rangeOf(filter),
    metricName: optionalText("metricName", filter.metricName),
    metricCategory: optionalText("metricCategory", filter.metricCategory),
    licenseId: optionalText("licenseId", filter.licenseId),
    userId: optionalText("userId", filter.userId),
    periodType: optionalText("periodType", filter.periodType),
    currency: optionalText("currency", filter.currency),
  };
}

/** The first and the last minute that begin within a range, by the second at which they do; undefined: open. */
export function minutesOf({ start, end }: Range): {
  readonly first: number | undefined;
  readonly last: number | undefined;
} {
  const first = start === undefined ? undefined : minuteOf(start) + (start.endsWith(WHOLE_MINUTE) ? 0 : MINUTE_S);
  return { first, last: end === undefined ? undefined : minuteOf(end) };
}
