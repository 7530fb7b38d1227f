// The store on SQLite.

export type { SqliteStoreOptions } from "./sqlite-options.ts";
export { openSqliteStore } from "./sqlite-store.ts";
