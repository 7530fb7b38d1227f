// The columns of a span, in the order in which a row is read.

/**
 * The columns of a span, of `traces` as `t` and `instances` as `i`. What generated columns say of the attributes is read here from the
 * attributes: a generated column of a damaged row would end the query.
 */
export const SPAN_COLUMNS = `t.trace_id, t.span_id, t.parent_span_id, t.service_name, i.instance_id, t.operation_name, t.span_kind,
  t.start_time, t.start_nanos, t.duration_nanos, t.status_code, t.status_message, t.scope, t.tags, t.events_json, t.links_json`;
