// Numbers for the writers of records: a number is a tenth of the room that their ids would take in each row and index.
import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { InputSource } from "../store-input.ts";
import { toColumn } from "./column-text.ts";

/** Most of them are few; a service that gives itself a new id with each request must not fill the memory. */
const MAX_KNOWN = 4_096;

/** Finds and makes the rows of `instances`. */
export class InstanceIds {
  readonly #insert: StatementSync;
  readonly #name: StatementSync;
  readonly #byKey = new Map<string, { readonly id: number; serviceName: string }>();
  #lastSource: InputSource | undefined;
  #lastId = 0;

  constructor(database: DatabaseSync) {
    this.#insert = database.prepare(
      `INSERT INTO instances (key, instance_id, service_name) VALUES (?, nullif(?, ''), nullif(?, ''))
       ON CONFLICT (key) DO UPDATE SET service_name = coalesce(instances.service_name, excluded.service_name) RETURNING id`,
    );
    this.#name = database.prepare("UPDATE instances SET service_name = ? WHERE id = ?");
  }

  /** The number of a source; part of the caller's transaction. */
  idOf(source: InputSource): number {
    // All records of a request share one object.
    if (source === this.#lastSource) return this.#lastId;
    const instanceId = toColumn(source.instanceId);
    const serviceName = toColumn(source.serviceName);
    const key = instanceId === "" ? `service:${serviceName}` : instanceId;
    let known = this.#byKey.get(key);
    if (known === undefined) {
      const { id } = this.#insert.get(key, instanceId, serviceName) as { id: number };
      if (this.#byKey.size >= MAX_KNOWN) this.#byKey.clear();
      known = { id, serviceName };
      this.#byKey.set(key, known);
    } else if (known.serviceName === "" && serviceName !== "") {
      // The journal does not know the name; whoever sends over OTLP does.
      this.#name.run(serviceName, known.id);
      known.serviceName = serviceName;
    }
    this.#lastSource = source;
    this.#lastId = known.id;
    return known.id;
  }

  /** Forgets everything: the transaction was rolled back, and rows that were made in it are gone. */
  clear(): void {
    this.#byKey.clear();
    this.#lastSource = undefined;
  }
}
