// One line for a Redis client that does not tell by itself what it does: an older node-redis or ioredis.
import { errorMonitor } from "node:events";
import { hasSpoken, type RedisClientKind } from "./redis-channels.ts";
import { countRedisConnectionError, countRedisOperation } from "./redis-counts.ts";

type Method = (this: unknown, ...args: unknown[]) => unknown;
interface ClientLike {
  on(event: string | symbol, listener: (...args: unknown[]) => void): unknown;
  readonly status?: unknown;
  sendCommand?: unknown;
}

/** Clients that are watched already, and commands of ioredis, which pass twice when they had to wait for a connection. */
const watched = new WeakSet<object>();
const counted = new WeakSet<object>();

/**
 * Counts the commands of a Redis client (`redis_operations_total{type,status}`) and its failed and lost connections
 * (`redis_connection_errors_total`). Returns the client.
 *
 * For node-redis 4 to 6 and ioredis 4 to 6, by their public methods and events. node-redis from 5.12 and ioredis from 5.11 tell of
 * their commands by themselves, counted without this call while telemetry is on; then it adds lost connections of ioredis and of
 * node-redis 5, and nothing is counted twice. An error that has no listener stays one without a listener. Never throws; anything that is no
 * client is returned as it is. Cost: below a microsecond a command.
 *
 * @example
 * const redis = observeRedis(createClient({ url }));
 */
export function observeRedis<Client>(client: Client): Client {
  try {
    const given = client as unknown as ClientLike;
    if (typeof client !== "object" || client === null || watched.has(client) || typeof given.on !== "function")
      return client;
    watched.add(client);
    if (typeof given.status === "string") observeIoredis(given);
    else observeNodeRedis(given);
  } catch {
    // Frozen, or a Proxy with a will of its own: it stays unobserved.
  }
  return client;
}

function observeNodeRedis(client: ClientLike): void {
  client.on(errorMonitor, () => {
    if (!hasSpoken("node-redis", "connections")) countRedisConnectionError();
  });
  for (const [name, method] of commandMethods(client))
    replace(client, name, function (this: unknown, ...args: unknown[]): unknown {
      const result = Reflect.apply(method, this, args);
      countWhenSettled("node-redis", name === "sendCommand" ? firstWord(args[0]) : name, result);
      return result;
    });
}

/** The methods that are commands: each is there in capitals (`LPUSH`) and in camel case (`lPush`). */
function commandMethods(client: object): Map<string, Method> {
  const methods = new Map<string, Method>();
  for (let at: object = client; at !== null && at !== Object.prototype; at = Object.getPrototypeOf(at))
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(at)))
      if (typeof value === "function" && !methods.has(name)) methods.set(name, value as Method);
  const capitals = new Set([...methods.keys()].filter((name) => /^[A-Z][A-Z0-9_]+$/.test(name)).map(withoutSeparators));
  for (const name of [...methods.keys()])
    if (name !== "sendCommand" && !capitals.has(withoutSeparators(name))) methods.delete(name);
  // They return no promise of a reply, or tell of every message.
  for (const name of methods.keys()) if (/^(?:multi|p?s?(?:un)?subscribe|monitor)$/i.test(name)) methods.delete(name);
  return methods;
}

function withoutSeparators(name: string): string {
  return name.replaceAll("_", "").toUpperCase();
}

function firstWord(words: unknown): unknown {
  return Array.isArray(words) ? words[0] : undefined;
}

function observeIoredis(client: ClientLike): void {
  let wasReady = false;
  client.on("ready", () => {
    wasReady = true;
  });
  // Told after each connection that failed or was lost, never after one that the host closed.
  client.on("reconnecting", () => {
    if (wasReady || !hasSpoken("ioredis", "connections")) countRedisConnectionError();
    wasReady = false;
  });
  const send = client.sendCommand as Method;
  replace(client, "sendCommand", function (this: unknown, ...args: unknown[]): unknown {
    const result = Reflect.apply(send, this, args);
    const command = args[0] as { name?: unknown; promise?: unknown } | undefined;
    if (typeof command === "object" && command !== null && !counted.has(command)) {
      counted.add(command);
      countWhenSettled("ioredis", command.name, command.promise);
    }
    return result;
  });
}

/** A client that has told of a command by the time it is answered counts by itself. */
function countWhenSettled(kind: RedisClientKind, type: unknown, reply: unknown): void {
  try {
    if (typeof (reply as PromiseLike<unknown> | undefined)?.then !== "function") return;
    const settled = (failed: boolean) => () => {
      if (!hasSpoken(kind, "commands")) countRedisOperation(type, failed);
    };
    (reply as PromiseLike<unknown>).then(settled(false), settled(true));
  } catch {
    // A reply of the host's own making.
  }
}

function replace(target: object, name: string, value: Method): void {
  Object.defineProperty(target, name, { value, configurable: true, enumerable: false, writable: true });
}
