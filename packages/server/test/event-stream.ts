// Reads server-sent events as a browser does, as fast or as slowly as a test wants.
import { type ClientRequest, request } from "node:http";
import { onTestFinished } from "vitest";

/** A message. */
export interface StreamMessage {
  readonly event: string;
  readonly id: number | undefined;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into it.
  readonly data: any;
}

/** A stream being read. */
export interface EventStream {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly messages: readonly StreamMessage[];
  readonly comments: readonly string[];
  /** Ids of all events that came. */
  ids(): readonly number[];
  skipped(): number;
  /** The last id, as a browser would send it when it comes back. */
  lastId(): number | undefined;
  isEnded(): boolean;
  /** Stops taking what comes, and goes on. */
  pause(): void;
  resume(): void;
  close(): void;
}

/** Opens a stream. */
export function openStream(url: string, headers: Readonly<Record<string, string>> = {}): Promise<EventStream> {
  const messages: StreamMessage[] = [];
  const comments: string[] = [];
  let lastId: number | undefined;
  let isEnded = false;
  let rest = "";
  const take = (text: string) => {
    rest += text;
    const parts = rest.split("\n\n");
    rest = parts.pop() ?? "";
    for (const part of parts) {
      const fields = new Map<string, string>();
      for (const line of part.split("\n")) {
        const colon = line.indexOf(":");
        if (colon === 0) comments.push(line.slice(1).trim());
        else fields.set(line.slice(0, colon), line.slice(colon + 1).trim());
      }
      const data = fields.get("data");
      if (data === undefined) continue;
      const id = fields.has("id") ? Number(fields.get("id")) : undefined;
      lastId = id ?? lastId;
      messages.push({ event: fields.get("event") ?? "message", id, data: JSON.parse(data) });
    }
  };
  const batches = () => messages.filter((message) => message.event === "events");
  return new Promise((resolve, reject) => {
    const asked: ClientRequest = request(url, { headers, agent: false }, (response) => {
      response.setEncoding("utf8");
      response.on("data", take);
      response.on("close", () => {
        isEnded = true;
      });
      response.on("error", () => {});
      resolve({
        status: response.statusCode ?? 0,
        headers: response.headers,
        messages,
        comments,
        ids: () => batches().flatMap(({ data }) => data.events.map((event: { id: number }) => event.id)),
        skipped: () => batches().reduce((sum, { data }) => sum + data.skipped, 0),
        lastId: () => lastId,
        isEnded: () => isEnded,
        pause: () => response.pause(),
        resume: () => response.resume(),
        close: () => asked.destroy(),
      });
    });
    asked.on("error", reject);
    asked.end();
    onTestFinished(() => {
      asked.off("error", reject);
      asked.on("error", () => {});
      asked.destroy();
    });
  });
}
