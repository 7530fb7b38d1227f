// @tracebook/store/clickhouse: the store on ClickHouse.
export type { ClickhouseStoreOptions } from "./clickhouse-options.ts";
export { type ClickhousePlaceOptions, openClickhouseAt } from "./clickhouse-place.ts";
export { type ClickhouseStore, openClickhouseStore, type WithAlerts } from "./clickhouse-store.ts";
export { createSchema, SCHEMA_VERSION, type SchemaLayout } from "./schema/create-schema.ts";
