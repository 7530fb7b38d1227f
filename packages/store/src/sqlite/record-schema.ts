// What S4's platform records beside events: system metrics, business metrics, and its views; the third version of the schema.

/** Statements of version 3 for records and views. */
export const RECORD_TABLES: readonly string[] = [];
