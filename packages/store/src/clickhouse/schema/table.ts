// What a table of the schema is, whether it lies on one node or on many.

/** A table that holds rows. */
export interface Table {
  readonly name: string;
  /** `name type DEFAULT ... CODEC(...)`, in order. */
  readonly columns: readonly string[];
  readonly indexes?: readonly string[];
  readonly engine: "MergeTree" | "SummingMergeTree" | "AggregatingMergeTree" | "ReplacingMergeTree";
  /** What stands between the brackets of the engine: columns that are summed up, the one of the version. */
  readonly engineColumns?: string;
  readonly partitionBy?: string;
  readonly orderBy: string;
  /** When a row is as old as its retention counts: a `DateTime`. Undefined: it is kept. */
  readonly age?: string;
  /** Whose retention it is. */
  readonly kept: "events" | "traces" | "metrics" | "always";
  /** What tells the shards of a cluster apart. */
  readonly shardBy: string;
}

/** Rows of one table that are made into rows of another one as they are inserted. */
export interface Feed {
  readonly name: string;
  readonly to: string;
  /** With `{from}` where the table of {@link Feed.from} is named. */
  readonly select: string;
  readonly from: string;
}

/** A question that has a name. */
export interface View {
  readonly name: string;
  readonly select: string;
}
