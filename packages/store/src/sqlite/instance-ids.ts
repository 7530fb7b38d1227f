// Numbers for the writers of records: a number is a tenth of the room that their ids would take in each row and index.
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { toTimestamp } from "@tracebook/core";
import type { InputSource } from "../store-input.ts";
import { toColumn } from "./column-text.ts";

/** Most of them are few; a service that gives itself a new id with each request must not fill the memory. */
const MAX_KNOWN = 4_096;

/** An instance, and what came from it since that was last written down. */
interface Known {
  readonly id: number;
  serviceName: string;
  hostName: string;
  /** The transaction in which its row was there. */
  seenIn: number;
  events: number;
  spans: number;
  /** Of events; empty: there were none. */
  firstText: string;
  lastText: string;
  /** Of spans and points. */
  firstMicros: number;
  lastMicros: number;
}

interface InstanceRow {
  readonly id: number;
  readonly service_name: string | null;
  readonly host_name: string | null;
}

type Names = Required<Pick<InputSource, "instanceId" | "serviceName">> & { readonly hostName: string };

/** Finds and makes the rows of `instances`, and keeps what they say of when was written and how much. */
export class InstanceIds {
  readonly #insert: StatementSync;
  readonly #name: StatementSync;
  readonly #note: StatementSync;
  readonly #exists: StatementSync;
  readonly #byKey = new Map<string, Known>();
  readonly #changed = new Set<Known>();
  #transaction = 0;
  #lastSource: InputSource | undefined;
  #last: Known | undefined;

  constructor(database: DatabaseSync) {
    this.#insert = database.prepare(
      `INSERT INTO instances (key, instance_id, service_name, host_name) VALUES (?, nullif(?, ''), nullif(?, ''), nullif(?, ''))
       ON CONFLICT (key) DO UPDATE SET service_name = coalesce(instances.service_name, excluded.service_name),
         host_name = coalesce(instances.host_name, excluded.host_name) RETURNING id, service_name, host_name`,
    );
    this.#name = database.prepare(
      `UPDATE instances SET service_name = coalesce(service_name, nullif(?, '')), host_name = coalesce(host_name, nullif(?, ''))
       WHERE id = ?`,
    );
    this.#exists = database.prepare("SELECT 1 FROM instances WHERE id = ? AND key = ?");
    this.#note = database.prepare(
      `UPDATE instances SET first_timestamp = min(coalesce(first_timestamp, $first), $first),
         last_timestamp = max(coalesce(last_timestamp, $last), $last), events = events + $events, spans = spans + $spans
       WHERE id = $id`,
    );
  }

  /** A transaction has begun: a cleaning, of this process or another one, may have removed what is known here since the last. */
  begin(): void {
    this.#transaction++;
    this.#last = undefined;
  }

  /** The number of a source; part of the caller's transaction. */
  idOf(source: InputSource): number {
    // All records of a request share one object.
    if (this.#last !== undefined && source === this.#lastSource) return this.#last.id;
    const instanceId = toColumn(source.instanceId);
    // As the database gives it back.
    const serviceName = toColumn(source.serviceName).toWellFormed();
    const hostName = toColumn(source.hostName ?? "");
    const key = instanceId === "" ? `service:${serviceName}` : instanceId;
    const first = this.#find(key, { instanceId, serviceName, hostName });
    // An id need only be unique within its service: one that is a host's name is that of every service there.
    const isOther = serviceName !== "" && first.serviceName !== serviceName;
    const known = isOther ? this.#find(ofService(key, serviceName), { instanceId, serviceName, hostName }) : first;
    this.#lastSource = source;
    this.#last = known;
    return known.id;
  }

  /** An event was written, of the source that was asked for last. */
  sawEvent(timestamp: string): void {
    const known = this.#changing();
    known.events++;
    if (known.firstText === "" || timestamp < known.firstText) known.firstText = timestamp;
    if (timestamp > known.lastText) known.lastText = timestamp;
  }

  /** The same for a span, by when it began. */
  sawSpan(startMicros: number): void {
    this.sawPoint(startMicros);
    this.#last!.spans++;
  }

  /** The same for a point of a metric. */
  sawPoint(timeMicros: number): void {
    const known = this.#changing();
    known.firstMicros = Math.min(known.firstMicros, timeMicros);
    known.lastMicros = Math.max(known.lastMicros, timeMicros);
  }

  /** Writes down what came; part of the caller's transaction. */
  flush(): void {
    for (const known of this.#changed) {
      const { id, events, spans, firstText, lastText, firstMicros, lastMicros } = known;
      const texts = events > 0 ? [firstText, lastText] : [];
      if (firstMicros <= lastMicros) texts.push(toTimestamp(firstMicros), toTimestamp(lastMicros));
      texts.sort();
      this.#note.run({ $id: id, $first: texts[0]!, $last: texts.at(-1)!, $events: events, $spans: spans });
      Object.assign(known, NOTHING);
    }
    this.#changed.clear();
  }

  /** Forgets everything: the transaction was rolled back, and rows that were made in it are gone. */
  clear(): void {
    this.#changed.clear();
    this.#byKey.clear();
    this.#last = undefined;
  }

  /** What is known under a key, made where it is not there. */
  #find(key: string, { instanceId, serviceName, hostName }: Names): Known {
    const known = this.#byKey.get(key);
    if (known === undefined || !this.#isThere(key, known)) {
      const row = this.#insert.get(key, instanceId, serviceName, hostName) as unknown as InstanceRow;
      if (this.#byKey.size >= MAX_KNOWN) this.#forget();
      const names = { serviceName: row.service_name ?? "", hostName: row.host_name ?? "" };
      const made = { id: row.id, ...names, seenIn: this.#transaction, ...NOTHING };
      this.#byKey.set(key, made);
      return made;
    }
    if ((known.serviceName === "" && serviceName !== "") || (known.hostName === "" && hostName !== "")) {
      // The journal does not know the names; whoever sends over OTLP does.
      known.serviceName ||= serviceName;
      known.hostName ||= hostName;
      this.#name.run(known.serviceName, known.hostName, known.id);
    }
    return known;
  }

  #isThere(key: string, known: Known): boolean {
    if (known.seenIn === this.#transaction) return true;
    known.seenIn = this.#transaction;
    return this.#exists.get(known.id, key) !== undefined;
  }

  #changing(): Known {
    const known = this.#last!;
    this.#changed.add(known);
    return known;
  }

  #forget(): void {
    this.flush();
    this.#byKey.clear();
  }
}

/** The key of a service that has the id of another one's instance. */
function ofService(key: string, serviceName: string): string {
  return `${key}\u001f${serviceName}`;
}

const NOTHING = Object.freeze({
  events: 0,
  spans: 0,
  firstText: "",
  lastText: "",
  firstMicros: Number.POSITIVE_INFINITY,
  lastMicros: Number.NEGATIVE_INFINITY,
});
