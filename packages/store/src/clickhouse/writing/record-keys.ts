// Which records are there: the same one, known by its instance and its number, is written once and counted once.
import type { EventInput } from "../../store-input.ts";
import type { Connection } from "../connection.ts";

/** Instances whose largest number is kept at hand. */
const MAX_INSTANCES = 4_096;
/** Numbers that are looked up in one question: they are part of its text, which has an end. */
const MAX_NUMBERS = 10_000;
const MAX_KEYS = 200;

/** The name of an instance; one without an id is known by its service. */
export function instanceKeyOf({ source }: EventInput): string {
  return source.instanceId === "" ? `service:${source.serviceName}` : source.instanceId;
}

/**
 * Tells new records from those that are there. Numbers of an instance rise: one that is larger than the largest there is, is new, without a
 * look into the database; only what comes again, or late, is looked up. That holds as long as each instance has one writer at a time.
 */
export class RecordKeys {
  readonly #connection: Connection;
  readonly #largest = new Map<string, number>();

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** For each event whether it is new; of equal ones the first is. What is new counts as there from now on. */
  async areNew(events: readonly EventInput[]): Promise<readonly boolean[]> {
    const keys = events.map(instanceKeyOf);
    await this.#load(keys, events);
    const there = await this.#lookUp(keys, events);
    return events.map(({ seq }, i) => {
      if (seq === 0) return true;
      const key = keys[i]!;
      const record = recordOf(key, seq);
      if (there.has(record)) return false;
      there.add(record);
      this.#largest.set(key, Math.max(seq, this.#largest.get(key) ?? 0));
      return true;
    });
  }

  /** Nobody knows what was written of it. */
  forget(events: readonly EventInput[]): void {
    for (const event of events) this.#largest.delete(instanceKeyOf(event));
  }

  async #load(keys: readonly string[], events: readonly EventInput[]): Promise<void> {
    if (this.#largest.size > MAX_INSTANCES) this.#largest.clear();
    const unknown = [...new Set(keys.filter((key, i) => events[i]!.seq > 0 && !this.#largest.has(key)))];
    for (let from = 0; from < unknown.length; from += MAX_KEYS) {
      const some = unknown.slice(from, from + MAX_KEYS);
      const rows = await this.#connection.lists(
        "SELECT instance_key, max(seq) FROM record_keys WHERE instance_key IN {keys:Array(String)} GROUP BY instance_key",
        { keys: some },
      );
      const found = new Map(rows.map(([key, largest]) => [String(key), Number(largest)]));
      for (const key of some) this.#largest.set(key, found.get(key) ?? 0);
    }
  }

  async #lookUp(keys: readonly string[], events: readonly EventInput[]): Promise<Set<string>> {
    const wanted = new Map<string, number[]>();
    for (const [i, { seq }] of events.entries()) {
      const key = keys[i]!;
      if (seq === 0 || seq > this.#largest.get(key)!) continue;
      const numbers = wanted.get(key);
      if (numbers === undefined) wanted.set(key, [seq]);
      else numbers.push(seq);
    }
    const there = new Set<string>();
    for (const [key, numbers] of wanted)
      for (let from = 0; from < numbers.length; from += MAX_NUMBERS) {
        const list = numbers.slice(from, from + MAX_NUMBERS).join(", ");
        const rows = await this.#connection.lists(
          `SELECT DISTINCT seq FROM record_keys WHERE instance_key = {key:String} AND seq IN (${list})`,
          { key },
        );
        for (const [seq] of rows) there.add(recordOf(key, Number(seq)));
      }
    return there;
  }
}

function recordOf(key: string, seq: number): string {
  return `${seq} ${key}`;
}
