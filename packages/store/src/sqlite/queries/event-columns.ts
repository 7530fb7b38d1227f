// The columns of an event, in the order in which a row is read.

/** The columns of an event, of `telemetry_events` as `e` and `instances` as `i`. */
export const EVENT_COLUMNS = `e.id, e.event_type, e.timestamp, e.run_id, e.symbol, e.data_json, e.trace_id, e.span_id, e.severity_number,
  i.instance_id, i.service_name, e.seq`;
