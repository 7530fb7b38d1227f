// `@tracebook/store/postgres`: the store on PostgreSQL.
export type { PostgresStoreOptions } from "./postgres-options.ts";
export { openPostgresStore, type PostgresStore } from "./postgres-store.ts";
