// @tracebook/store/clickhouse: the store on ClickHouse.
export type { ClickhouseStoreOptions } from "./clickhouse-options.ts";
export { type ClickhouseStore, openClickhouseStore } from "./clickhouse-store.ts";
export { createSchema, SCHEMA_VERSION, type SchemaLayout } from "./schema/create-schema.ts";
