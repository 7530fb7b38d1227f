// What is said between a PostgreSQL store and the thread in which it writes.
import type { WriterCounts } from "../sqlite/writer-counts.ts";
import type { ConnectionPlan } from "./connection.ts";

/** What the thread works on. */
export interface PostgresWriterPlan {
  readonly role: "writer";
  readonly connection: ConnectionPlan;
  /** Folder of the journal from which is brought in what could not be written. */
  readonly journalDir: string | undefined;
  /** Names whose values are secrets, beside those that are known. */
  readonly redactKeys: readonly string[];
}

/** What the thread tells by itself. */
export type PostgresNotice =
  /** Something was redacted, cut or refused: how much since the store was opened. */
  | { readonly kind: "counts"; readonly counts: WriterCounts }
  /** Nothing can be written, and it is tried again with each request. */
  | { readonly kind: "lost"; readonly problem: string }
  /** It can be written again; `records` were brought in from the journal that the store had not. */
  | { readonly kind: "caught_up"; readonly records: number }
  | { readonly kind: "catch_up_failed"; readonly problem: string };
