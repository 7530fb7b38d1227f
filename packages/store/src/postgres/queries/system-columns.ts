// What records of system metrics say, of `system_records` as `r`, `metric_points` as `p`, `metric_series` as `s` and `instances` as `i`.

/** What came by a journal does not know its service and host; the same instance may have said them since. */
export const RECORD_SERVICE = "coalesce(r.service_name, i.service_name)";
export const RECORD_HOST = "coalesce(r.host_name, i.host_name)";
/** What a point of a metric is as a record: of a sum what came in its minute, of a histogram the mean of it. */
export const POINT_TYPE = "CASE s.type WHEN 'sum' THEN 'counter' ELSE s.type END";
export const POINT_VALUE = "CASE s.type WHEN 'histogram' THEN p.value / nullif(p.count, 0) ELSE p.value END";
/** A histogram to which nothing came has no mean. */
export const HAS_VALUE = "(s.type <> 'histogram' OR p.count > 0)";
