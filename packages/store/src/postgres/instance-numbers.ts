// Numbers for the writers of records: see the table `instances`.
import type { InputSource } from "../store-input.ts";
import type { SqlClient } from "./sql-client.ts";

/** Most are few; a service that gives itself a new id with each request must not fill the memory. */
const MAX_KNOWN = 4_096;

interface Known {
  readonly id: number;
  /** Empty: nobody has said it yet. */
  readonly serviceName: string;
  readonly hasHost: boolean;
}

/** Knows the numbers of sources, and asks for those that it does not know. */
export class InstanceNumbers {
  readonly #known = new Map<string, Known>();
  #lastSource: InputSource | undefined;
  #lastId: number | undefined;

  /** The number of a source; undefined when it has to be asked for: see {@link learn}. */
  idOf(source: InputSource): number | undefined {
    // All records of a request share one object.
    if (source === this.#lastSource && this.#lastId !== undefined) return this.#lastId;
    const known = this.#known.get(this.#keyOf(source));
    // The journal does not know the names; whoever sends over OTLP does.
    const isNews =
      known !== undefined &&
      ((known.serviceName === "" && source.serviceName !== "") || (!known.hasHost && (source.hostName ?? "") !== ""));
    if (known === undefined || isNews) return undefined;
    this.#lastSource = source;
    this.#lastId = known.id;
    return known.id;
  }

  /** Asks for the numbers of those that are not known, in a transaction of its own. */
  async learn(client: SqlClient, sources: Iterable<InputSource>): Promise<void> {
    const all = new Set(sources);
    // Not in the midst of it: all of these are to be known at the end.
    if (this.#known.size > MAX_KNOWN) this.forget();
    await this.#ask(client, all);
    // Of an id that is another service's as well, that is known only now.
    await this.#ask(client, all);
  }

  async #ask(client: SqlClient, sources: Iterable<InputSource>): Promise<void> {
    const unknown = new Map<string, InputSource>();
    for (const source of sources) {
      if (this.idOf(source) !== undefined) continue;
      const key = this.#keyOf(source);
      const before = unknown.get(key);
      const hostName = before?.hostName || (source.hostName ?? "");
      unknown.set(key, { ...source, serviceName: before?.serviceName || source.serviceName, hostName });
    }
    if (unknown.size === 0) return;
    const given = [...unknown.values()];
    const rows = await client.rows<{ key: string; id: number }>(
      "SELECT key, id FROM instance_numbers($1::text[], $2::text[], $3::text[], $4::text[])",
      [
        [...unknown.keys()],
        given.map(({ instanceId }) => toText(instanceId)),
        given.map(({ serviceName }) => toText(serviceName)),
        given.map(({ hostName }) => toText(hostName ?? "")),
      ],
    );
    const named = await client.rows<{ id: number; service: string }>(
      "SELECT id, coalesce(service_name, '') AS service FROM instances WHERE id = ANY ($1::integer[])",
      [rows.map(({ id }) => id)],
    );
    const services = new Map(named.map(({ id, service }) => [id, service]));
    for (const { key, id } of rows)
      this.#known.set(key, { id, serviceName: services.get(id) ?? "", hasHost: unknown.get(key)!.hostName !== "" });
  }

  /** Forgets them all: a cleaning has removed some. */
  forget(): void {
    this.#known.clear();
    this.#lastSource = undefined;
    this.#lastId = undefined;
  }

  /** An id need only be unique within its service: one that is a host's name is that of every service there. */
  #keyOf({ instanceId, serviceName }: InputSource): string {
    const service = toText(serviceName);
    if (instanceId === "") return `service:${service}`;
    const key = toText(instanceId);
    const known = this.#known.get(key)?.serviceName ?? "";
    return known === "" || service === "" || known === service ? key : `${key}\u001f${service}`;
  }
}

/** What PostgreSQL would give back: neither NUL nor half of a character. */
export function toText(text: string): string {
  return text.replaceAll("\0", "\ufffd").toWellFormed();
}
