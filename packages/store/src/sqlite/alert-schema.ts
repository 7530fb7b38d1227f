// Alert rules, alerts and what belongs to them; the third version of the schema.

/** Statements of version 3 for alerts. */
export const ALERT_TABLES: readonly string[] = [];
