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
    }
  | {
      readonly engine: "clickhouse";
      /** Where the server listens, without user, password and database. */
      readonly url: string;
      /** Undefined where the URL names none; so are the others. */
      readonly database: string | undefined;
      readonly username: string | undefined;
      readonly password: string | undefined;
      /** `http://host:8123/database`: for messages. */
      readonly shown: string;
    };

/**
 * Reads a place: what begins with `postgres://` or `postgresql://` is a database of PostgreSQL, what begins with `http://` or `https://` one
 * of ClickHouse, everything else the name of a file. Never throws: a URL that is none is refused by whoever opens it.
 *
 * @example
 * storeLocationOf("postgres://bot:secret@db:5432/telemetry").shown; // "postgres://db:5432/telemetry"
 */
export function storeLocationOf(text: string): StoreLocation {
  if (/^https?:\/\//i.test(text)) return clickhouseOf(text);
  if (!/^postgres(?:ql)?:\/\//i.test(text)) return { engine: "sqlite", path: text, shown: text };
  if (!URL.canParse(text)) return { engine: "postgresql", url: text, shown: "postgres://(not a URL)" };
  const { host, pathname } = new URL(text);
  return { engine: "postgresql", url: text, shown: `postgres://${host}${pathname}` };
}

function clickhouseOf(text: string): StoreLocation {
  const none = { database: undefined, username: undefined, password: undefined };
  if (!URL.canParse(text)) return { engine: "clickhouse", url: "", ...none, shown: "http://(not a URL)" };
  const { protocol, host, pathname, username, password } = new URL(text);
  const database = decoded(pathname.replace(/^\/|\/$/g, ""));
  const url = `${protocol}//${host}`;
  return {
    engine: "clickhouse",
    url,
    database,
    username: decoded(username),
    password: decoded(password),
    shown: database === undefined ? url : `${url}/${database}`,
  };
}

/** A part of a URL as it was meant; undefined where there is none. */
function decoded(part: string): string | undefined {
  if (part === "") return undefined;
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
