import { tracingChannel } from "node:diagnostics_channel";
import { EventEmitter } from "node:events";
import { sharedTradingMetrics } from "@tracebook/metrics";
import { describe, expect, it } from "vitest";
import { observeRedis } from "./observe-redis.ts";
import { RedisInstrumentation } from "./redis-instrumentation.ts";

/** As node-redis 4 makes its clients: every command under two names, and nothing said about them. */
class OldClient extends EventEmitter {
  isOpen = true;
  GET(key: string): Promise<string> {
    return key === "bad" ? Promise.reject(new Error("WRONGTYPE no")) : Promise.resolve(`value of ${key}`);
  }
  get(key: string): Promise<string> {
    return this.GET(key);
  }
  lPush(_key: string): Promise<number> {
    return Promise.resolve(1);
  }
  LPUSH(_key: string): Promise<number> {
    return Promise.resolve(1);
  }
  sendCommand(words: readonly string[]): Promise<string> {
    return Promise.resolve(words.join(" "));
  }
  multi(): OldClient {
    return this;
  }
  MULTI(): OldClient {
    return this;
  }
  duplicate(): OldClient {
    return new OldClient();
  }
}

const operations = (): Record<string, number> => countsOf("redis_operations_total");
const connectionErrors = (): number => countsOf("redis_connection_errors_total")[""] ?? 0;

function countsOf(name: string): Record<string, number> {
  const found = sharedTradingMetrics()
    .registry.collect()
    .metrics.find(({ definition }) => definition.name === name);
  const points = (found?.points ?? []) as { labels: Record<string, string>; value: number }[];
  return Object.fromEntries(points.map(({ labels, value }) => [Object.values(labels).join(" "), value]));
}

// The order matters: a client that was once heard on its channel is not counted by hand again.
describe("a Redis client", () => {
  it("that says nothing is counted by its methods, which answer as before", async () => {
    const client = observeRedis(new OldClient());
    expect(observeRedis(client)).toBe(client);
    expect(await client.lPush("a")).toBe(1);
    expect(await client.GET("a")).toBe("value of a");
    await expect(client.GET("bad")).rejects.toThrow("WRONGTYPE no");
    expect(await client.sendCommand(["STRLEN", "secret"])).toBe("STRLEN secret");
    expect(client.multi()).toBe(client);
    expect(client.duplicate()).toBeInstanceOf(OldClient);
    expect(operations()).toEqual({ "lpush success": 1, "get success": 1, "get error": 1, "strlen success": 1 });
    expect(Object.keys(client)).not.toContain("GET");
  });

  it("with an error that nobody handles still throws it, and with a handler is counted", () => {
    const client = observeRedis(new OldClient());
    const before = connectionErrors();
    expect(() => client.emit("error", new Error("lost"))).toThrow("lost");
    client.on("error", () => {});
    client.emit("error", new Error("lost again"));
    expect(connectionErrors() - before).toBe(2);
  });

  it("of the ioredis kind is counted at sendCommand, once for a command that passes twice, and when it has to connect again", async () => {
    const client = Object.assign(new EventEmitter(), {
      status: "ready",
      sendCommand: (command: { promise: Promise<unknown> }) => command.promise,
    });
    observeRedis(client);
    const command = { name: "hgetall", promise: Promise.resolve({}) };
    await client.sendCommand(command);
    await client.sendCommand(command);
    expect(operations()["hgetall success"]).toBe(1);
    const before = connectionErrors();
    client.emit("reconnecting");
    client.emit("ready");
    client.emit("close");
    expect(connectionErrors() - before).toBe(1);
  });

  it("that is none, frozen or hostile comes back as it is", () => {
    const trap = new Proxy(new EventEmitter(), {
      getPrototypeOf: () => {
        throw new Error("trap");
      },
      get: () => {
        throw new Error("trap");
      },
    });
    for (const odd of [undefined, null, 7, "redis", {}, Object.freeze(new OldClient()), trap])
      expect(observeRedis(odd)).toBe(odd);
  });

  it("that publishes its commands is counted without being touched, and not a second time when it is observed", async () => {
    const instrumentation = new RedisInstrumentation();
    const channel = tracingChannel("node-redis:command");
    const client = new OldClient();
    client.GET = (key) =>
      channel.tracePromise(() => OldClient.prototype.GET.call(client, key), { command: "GET" } as never);
    observeRedis(client);
    const before = operations();
    await client.get("a");
    await client.get("bad").catch(() => {});
    await channel.tracePromise(() => Promise.resolve(), { command: `${"X".repeat(50)}; drop` } as never);
    await tracingChannel("node-redis:batch").tracePromise(() => Promise.resolve(), { batchMode: "MULTI" } as never);
    const after = operations();
    expect((after["get success"] ?? 0) - (before["get success"] ?? 0)).toBe(1);
    expect((after["get error"] ?? 0) - (before["get error"] ?? 0)).toBe(1);
    expect(after["other success"]).toBe(1);
    expect(after["multi success"]).toBe(1);
    instrumentation.disable();
    await channel.tracePromise(() => Promise.resolve(), { command: "GET" } as never);
    expect(operations()).toEqual(after);
  });
});
