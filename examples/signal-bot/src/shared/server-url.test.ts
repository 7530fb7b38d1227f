import { describe, expect, it } from "vitest";
import { checkServerUrls, DATABASE_URL, parseServerUrl, REDIS_URL } from "./server-url.ts";

describe("the URL of a server", () => {
  it.each([
    ["postgres://bot:pa%23ss@127.0.0.1:5432/bot", "127.0.0.1:5432"],
    ["postgresql://bot@db.internal/bot?sslmode=require", "db.internal"],
    ["postgres:///bot?host=/var/run/postgresql", ""],
  ])("%s is one of PostgreSQL", (given, host) => {
    expect(parseServerUrl("DATABASE_URL", given, DATABASE_URL).host).toBe(host);
  });

  it.each(["redis://127.0.0.1", "rediss://:secret@cache:6380/1"])("%s is one of Redis", (given) => {
    expect(parseServerUrl("REDIS_URL", given, REDIS_URL).href).toContain("//");
  });

  it.each([
    ["localhost", /^DATABASE_URL is not a URL/],
    ["postgres://bot:pa#ssw0rd@127.0.0.1/bot", /^DATABASE_URL is not a URL.*# as %23/],
    ["postgres://bot:12#ssw0rd@127.0.0.1/bot", /^DATABASE_URL is cut by a character of its password.*# as %23/],
    ["postgres://bot:12/ssw0rd@127.0.0.1/bot", /^DATABASE_URL is cut by a character of its password/],
    ["postgres://bot:12?ssw0rd@127.0.0.1/bot", /^DATABASE_URL is cut by a character of its password/],
    ["postgres://bot:100%ssw0rd@127.0.0.1/bot", /^DATABASE_URL has a % that begins no escape/],
    ["mysql://bot:ssw0rd@127.0.0.1/bot", /^DATABASE_URL begins with mysql:\/\/ and not with postgres:\/\//],
  ])("%s is refused in words that hold no password", (given, message) => {
    let said = "";
    try {
      parseServerUrl("DATABASE_URL", given, DATABASE_URL);
    } catch (error) {
      said = (error as Error).message;
    }
    expect(said).toMatch(message);
    expect(said).not.toContain("ssw0rd");
  });
});

describe("the servers of the environment", () => {
  it("are checked where they are named", () => {
    checkServerUrls({});
    checkServerUrls({ DATABASE_URL: "", REDIS_URL: "redis://127.0.0.1" });
    expect(() => checkServerUrls({ DATABASE_URL: "bot@127.0.0.1/bot" })).toThrow(/^DATABASE_URL is not a URL/);
    expect(() => checkServerUrls({ REDIS_URL: "http://127.0.0.1" })).toThrow(/^REDIS_URL begins with http:/);
  });
});
