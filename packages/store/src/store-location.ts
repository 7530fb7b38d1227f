// Where a store is, as people write it: the name of a file, or the URL of a database.

/** A store's place. */
export type StoreLocation =
  | {
      readonly engine: "sqlite";
      /** As it was given. */
      readonly path: string;
      /** For messages. */
      readonly shown: string;
    }
  | {
      readonly engine: "postgresql";
      /** With its password: not for messages. */
      readonly url: string;
      /** `postgres://host:5432/database`: for messages. */
      readonly shown: string;
    };

/**
 * Reads a place: what begins with `postgres://` or `postgresql://` is a database of PostgreSQL, everything else the name of a file. Never
 * throws: a URL that is none is refused by whoever opens it.
 *
 * @example
 * storeLocationOf("postgres://bot:secret@db:5432/telemetry").shown; // "postgres://db:5432/telemetry"
 */
export function storeLocationOf(text: string): StoreLocation {
  if (!/^postgres(?:ql)?:\/\//i.test(text)) return { engine: "sqlite", path: text, shown: text };
  if (!URL.canParse(text)) return { engine: "postgresql", url: text, shown: "postgres://(not a URL)" };
  const { host, pathname } = new URL(text);
  return { engine: "postgresql", url: text, shown: `postgres://${host}${pathname}` };
}
