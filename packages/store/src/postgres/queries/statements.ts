// Statements with named parameters. Values come in as parameters only: the texts are few, and fixed.
import type { Column } from "../../queries/event-rows.ts";
import type { SqlClient, SqlValue } from "../sql-client.ts";

/** Values by the name that the text has for them behind `$`; what a text does not name is left out. */
export type Parameters = { readonly [name: string]: SqlValue | undefined };

/** A text as PostgreSQL takes it, and what belongs to each of its numbers. */
interface NumberedText {
  readonly text: string;
  readonly names: readonly string[];
}

const NAME = /\$([A-Za-z]\w*)/g;

/** Runs statements. */
export class Statements {
  readonly #client: SqlClient;
  readonly #texts: Map<string, NumberedText>;

  constructor(client: SqlClient, texts: Map<string, NumberedText> = new Map()) {
    this.#client = client;
    this.#texts = texts;
  }

  /** All rows, by the names of their columns. */
  async all<Row>(sql: string, parameters: Parameters = {}): Promise<readonly Row[]> {
    const { text, names } = this.#numbered(sql);
    const values = names.map((name) => toValue(parameters[name]));
    return (await this.#client.rows(text, values)) as unknown as readonly Row[];
  }

  /** The first row, by the names of its columns. */
  async get<Row>(sql: string, parameters: Parameters = {}): Promise<Row | undefined> {
    return (await this.all<Row>(sql, parameters))[0];
  }

  /** All rows as lists of their columns, whose names must differ. */
  async lists(sql: string, parameters: Parameters = {}): Promise<readonly (readonly Column[])[]> {
    const rows = await this.all<Record<string, Column>>(sql, parameters);
    return rows.map((row) => Object.values(row));
  }

  #numbered(sql: string): NumberedText {
    let numbered = this.#texts.get(sql);
    if (numbered === undefined) {
      const names: string[] = [];
      const text = sql.replace(NAME, (_, name: string) => {
        if (!names.includes(name)) names.push(name);
        return `$${names.indexOf(name) + 1}`;
      });
      numbered = { text, names };
      this.#texts.set(sql, numbered);
    }
    return numbered;
  }
}

/** A text with NUL is none that PostgreSQL can hold: it equals nothing, as NULL does. */
function toValue(value: SqlValue | undefined): SqlValue {
  if (value === undefined || (typeof value === "string" && value.includes("\0"))) return null;
  return value;
}
