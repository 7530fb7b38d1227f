// One who reads the live feed as a browser does: when the connection ends it comes back with the last id that it has seen.
import { get, type IncomingMessage } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

/** A reader. */
export interface FeedReader {
  /** Ids of the events that came, in the order in which they did. */
  readonly ids: readonly number[];
  /** Events that the desk says to have left out. */
  skipped(): number;
  /** Connections so far. */
  connections(): number;
}

/** A browser waits for two seconds; that would be most of a desk's life here. */
const AGAIN_MS = 20;

/** Reads events of one type from the beginning on, until `over` aborts. `url` is where the desk answers; undefined while there is none. */
export function readFeed(url: () => string | undefined, eventType: string, over: AbortSignal): FeedReader {
  const reader = new RunningReader(url, eventType, over);
  void reader.run();
  return reader;
}

class RunningReader implements FeedReader {
  readonly ids: number[] = [];
  readonly #url: () => string | undefined;
  readonly #eventType: string;
  readonly #over: AbortSignal;
  #lastId = 0;
  #skipped = 0;
  #connections = 0;

  constructor(url: () => string | undefined, eventType: string, over: AbortSignal) {
    this.#url = url;
    this.#eventType = eventType;
    this.#over = over;
  }

  skipped(): number {
    return this.#skipped;
  }

  connections(): number {
    return this.#connections;
  }

  async run(): Promise<void> {
    while (!this.#over.aborted) {
      const url = this.#url();
      if (url !== undefined) await this.#read(url).catch(() => {});
      await sleep(AGAIN_MS);
    }
  }

  async #read(url: string): Promise<void> {
    const response = await this.#open(`${url}/api/telemetry/live?event_type=${this.#eventType}`);
    this.#connections++;
    let rest = "";
    response.setEncoding("utf8");
    for await (const text of response as AsyncIterable<string>) {
      const messages = (rest + text).split("\n\n");
      rest = messages.pop() ?? "";
      for (const message of messages) this.#take(message);
    }
  }

  #open(url: string): Promise<IncomingMessage> {
    const headers = { "last-event-id": String(this.#lastId) };
    return new Promise((resolve, reject) => {
      get(url, { headers, agent: false, signal: this.#over }, (response) => {
        if (response.statusCode === 200) return resolve(response);
        response.destroy();
        reject(new Error(`the live feed answers ${response.statusCode}`));
      }).on("error", reject);
    });
  }

  /** A message that was cut off is none: what was in it comes again. */
  #take(message: string): void {
    const fields = new Map(message.split("\n").map((line) => [line.slice(0, line.indexOf(":")), contentOf(line)]));
    const data = fields.get("data");
    if (fields.get("event") === "events" && data !== undefined) {
      const { events, skipped } = JSON.parse(data) as { events: readonly { id: number }[]; skipped: number };
      for (const { id } of events) this.ids.push(id);
      this.#skipped += skipped;
    }
    const id = fields.get("id");
    if (id !== undefined) this.#lastId = Number(id);
  }
}

function contentOf(line: string): string {
  return line.slice(line.indexOf(":") + 1).trim();
}
