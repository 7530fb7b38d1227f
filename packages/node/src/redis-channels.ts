// What Redis clients tell by themselves: node-redis 5.12 and ioredis 5.11 and later publish their commands on diagnostics channels.
import { channel, tracingChannel } from "node:diagnostics_channel";

/** A command, or a MULTI transaction as a whole, as a client publishes it; one object from its start to its end. */
export interface RedisCommandMessage {
  readonly command?: unknown;
  readonly batchMode?: unknown;
  readonly database?: unknown;
  readonly serverAddress?: unknown;
  readonly serverPort?: unknown;
  /** What it failed with, once it has. */
  readonly error?: unknown;
}

/** Hears of commands and connections. Methods must not throw: an error in a subscriber ends the process. */
export interface RedisListener {
  commandStarted(message: RedisCommandMessage): void;
  /** Once per command; `failed` when it was refused, or never got an answer. */
  commandEnded(message: RedisCommandMessage, failed: boolean): void;
  connectionFailed(): void;
}

/** The clients that have channels. */
export type RedisClientKind = "node-redis" | "ioredis";

/** What a client tells of. */
export type RedisTopic = "commands" | "connections";

const KINDS = ["node-redis", "ioredis"] as const satisfies readonly RedisClientKind[];
/** Who has said something, of what: from then on nobody needs to look over their shoulder for it. */
const heard = new Set<`${RedisClientKind} ${RedisTopic}`>();

/** Whether a client of this kind has published anything of the topic since somebody listened: it will tell of all of it by itself. */
export function hasSpoken(kind: RedisClientKind, topic: RedisTopic): boolean {
  return heard.has(`${kind} ${topic}`);
}

/** Listens to all clients of this process, whenever and by whomever they are made; returns the way to stop. */
export function listenToRedis(listener: RedisListener): () => void {
  const stops = KINDS.flatMap((kind) => [
    onTrace(`${kind}:command`, `${kind} commands`, {
      start: (message) => listener.commandStarted(message),
      end: (message, failed) => listener.commandEnded(message, failed),
    }),
    onTrace(`${kind}:batch`, `${kind} commands`, {
      // A pipeline publishes its commands one by one as well; of a transaction this is all there is with node-redis.
      start: (message) => kind === "node-redis" && message.batchMode === "MULTI" && listener.commandStarted(message),
      end: (message, failed) =>
        kind === "node-redis" && message.batchMode === "MULTI" && listener.commandEnded(message, failed),
    }),
  ]);
  stops.push(
    onMessage("node-redis:error", () => {
      heard.add("node-redis connections");
      listener.connectionFailed();
    }),
    onTrace("ioredis:connect", "ioredis connections", {
      start: () => {},
      end: (_message, failed) => failed && listener.connectionFailed(),
    }),
  );
  return () => {
    for (const stop of stops) stop();
  };
}

interface Handlers {
  start(message: RedisCommandMessage): unknown;
  end(message: RedisCommandMessage, failed: boolean): unknown;
}

function onTrace(name: string, said: `${RedisClientKind} ${RedisTopic}`, handlers: Handlers): () => void {
  const subscribers = {
    start: (message: object) => {
      heard.add(said);
      handlers.start(message);
    },
    // A call that throws at once has an end and no asynchronous one.
    end: (message: object) => {
      if ("error" in message) handlers.end(message, true);
    },
    asyncStart: () => {},
    asyncEnd: (message: object) => handlers.end(message, "error" in message),
    error: () => {},
  };
  const traced = tracingChannel(name);
  traced.subscribe(subscribers);
  return () => traced.unsubscribe(subscribers);
}

function onMessage(name: string, listener: () => void): () => void {
  const source = channel(name);
  source.subscribe(listener);
  return () => source.unsubscribe(listener);
}
