import { type AddressInfo, createServer } from "node:net";
import { pino } from "pino";
import { describe, expect, it } from "vitest";
import { connectRedis, explainRedisError } from "./redis-connection.ts";

const url = new URL("redis://:ssw0rd@cache.internal:6380");
const failure = (message: string, code?: string): Error => Object.assign(new Error(message), { code });

describe("a Redis that cannot be used", () => {
  it.each([
    [failure("", "ECONNREFUSED"), /is not there: start it.*REDIS_URL/],
    [failure("getaddrinfo ENOTFOUND cache.internal", "ENOTFOUND"), /host name that nobody knows.*REDIS_URL/],
    [failure("WRONGPASS invalid username-password pair"), /lets nobody in.*WRONGPASS.*user and password/],
    [failure("NOAUTH Authentication required."), /lets nobody in.*user and password/],
    [failure("no answer"), /gives no answer: .*REDIS_URL/],
    [failure("Connection timeout"), /gives no answer: .*REDIS_URL/],
    [failure("LOADING Redis is loading"), /cannot be used \(LOADING/],
  ])("%s, is one line that says what to do", (error, message) => {
    const said = explainRedisError(error, url).message;
    expect(said).toMatch(message);
    expect(said).toMatch(/^Redis at cache\.internal:6380 /);
    expect(said).not.toMatch(/ssw0rd|\n/);
  });

  it("because it refuses the password, is not asked a second time", async () => {
    let connections = 0;
    const server = createServer((socket) => {
      connections++;
      socket.on("error", () => {});
      socket.on("data", () => socket.write("-WRONGPASS invalid username-password pair\r\n".repeat(9)));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const connecting = connectRedis(new URL(`redis://:x@127.0.0.1:${port}`), pino({ level: "silent" }), () => {});
    await expect(connecting).rejects.toThrow(/lets nobody in with what REDIS_URL says/);
    expect(connections).toBe(2);
    server.close();
  });

  it.each([1, 2])("is explained by whichever connection hears why, here number %d", async (refused) => {
    let connections = 0;
    const server = createServer((socket) => {
      const number = ++connections;
      socket.on("error", () => {});
      if (number === refused) socket.on("data", () => socket.write("-WRONGPASS no\r\n".repeat(9)));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const connecting = connectRedis(new URL(`redis://:x@127.0.0.1:${port}`), pino({ level: "silent" }), () => {});
    await expect(connecting).rejects.toThrow(/lets nobody in with what REDIS_URL says/);
    server.close();
  });
});
