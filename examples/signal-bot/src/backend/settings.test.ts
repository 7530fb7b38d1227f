import { describe, expect, it } from "vitest";
import { parseBackendSettings } from "./settings.ts";

const env = {
  DATABASE_URL: "postgres://bot@127.0.0.1/bot",
  REDIS_URL: "redis://127.0.0.1",
  EXCHANGE_URL: "http://127.0.0.1:1",
  BINGX_API_KEY: "key",
  BINGX_API_SECRET: "secret",
  WEBHOOK_SECRET: "hook",
  BACKEND_TOKEN: "token",
};

describe("the settings of the backend", () => {
  it("listen on loopback unless they say otherwise", () => {
    expect(parseBackendSettings(env)).toMatchObject({ host: "127.0.0.1", port: 8000, webhookSecret: "hook" });
    expect(parseBackendSettings({ ...env, BACKEND_HOST: "0.0.0.0", BACKEND_PORT: "0" })).toMatchObject({
      host: "0.0.0.0",
      port: 0,
    });
  });

  it.each(Object.keys(env))("without %s, or with an empty one, are refused by its name", (name) => {
    for (const value of [undefined, "", "  "])
      expect(() => parseBackendSettings({ ...env, [name]: value })).toThrow(`${name} is not set`);
  });

  it.each([
    [{ DATABASE_URL: "bot:pass@host" }, /^DATABASE_URL/],
    [{ REDIS_URL: "http://127.0.0.1" }, /^REDIS_URL begins with http:/],
    [{ EXCHANGE_URL: "exchange" }, /^EXCHANGE_URL/],
    [{ BACKEND_PORT: "http" }, /^BACKEND_PORT http/],
  ])("with %j are refused", (wrong, message) => {
    expect(() => parseBackendSettings({ ...env, ...wrong })).toThrow(message);
  });
});
