import { expect, test } from "vitest";
import { resolveDeskConfig } from "./config.ts";
import type { DeskOptions } from "./desk-options.ts";
import { DeskError } from "./errors.ts";

const SECRET = "hunter2Zx9-hunter2Zx9";

test("options win over the environment, which wins over the defaults, and it is said which", () => {
  const env = { TELEMETRY_DESK_PORT: "9000", TELEMETRY_STORE_PATH: "./env.db", TELEMETRY_TRACES_RETENTION_DAYS: "7" };
  const config = resolveDeskConfig({ path: "./code.db", title: "Floor" }, env);
  expect(config).toMatchObject({
    path: "./code.db",
    port: 9000,
    isPortGiven: true,
    host: "127.0.0.1",
    title: "Floor",
    eventsRetentionDays: "forever",
    tracesRetentionDays: 7,
    metricsRetentionDays: 180,
    problems: [],
  });
  const sources = Object.fromEntries(config.shown.map(({ name, source }) => [name, source]));
  expect(sources).toMatchObject({
    path: "option",
    port: "TELEMETRY_DESK_PORT",
    host: "default",
    tracesRetentionDays: "TELEMETRY_TRACES_RETENTION_DAYS",
  });
});

test("without anything a desk is of this machine alone, on a port that may move", () => {
  const config = resolveDeskConfig({}, {});
  expect(config).toMatchObject({
    path: "./telemetry/telemetry.db",
    host: "127.0.0.1",
    port: 8790,
    isPortGiven: false,
    token: undefined,
  });
});

const WRONG: readonly (readonly [string, string, string])[] = [
  ["TELEMETRY_DESK_PORT", "70000", "using the default (8790)"],
  ["TELEMETRY_DESK_PORT", "8790/tcp", "using the default (8790)"],
  ["TELEMETRY_DESK_PORT", "-1", "using the default (8790)"],
  ["TELEMETRY_DESK_PORT", "", "using the default (8790)"],
  ["TELEMETRY_DESK_HOST", "http://0.0.0.0", "using the default (127.0.0.1)"],
  ["TELEMETRY_DESK_HOST", "127.0.0.1:80", "using the default (127.0.0.1)"],
  ["TELEMETRY_DESK_HOST", "10.0.1", "using the default (127.0.0.1)"],
  ["TELEMETRY_DESK_HOST", "0.0.0.0", "there is no token (TELEMETRY_DESK_TOKEN): using the default (127.0.0.1)"],
  ["TELEMETRY_DESK_HOST", "::", "there is no token (TELEMETRY_DESK_TOKEN): using the default (127.0.0.1)"],
  ["TELEMETRY_DESK_TOKEN", "short", "using the default (none)"],
  ["TELEMETRY_DESK_TOKEN", `${SECRET} with space`, "using the default (none)"],
  ["TELEMETRY_DESK_TOKEN", `${SECRET}\r\nx: 1`, "using the default (none)"],
  ["TELEMETRY_DESK_ALLOWED_HOSTS", "https://desk.example.com", "using the default (none)"],
  ["TELEMETRY_DESK_ALLOWED_HOSTS", "a,,b", "using the default (none)"],
  ["TELEMETRY_EVENTS_RETENTION_DAYS", "0", "using the default (forever)"],
  ["TELEMETRY_EVENTS_RETENTION_DAYS", "30d", "using the default (forever)"],
  ["TELEMETRY_TRACES_RETENTION_DAYS", "1.5", "using the default (30)"],
  ["TELEMETRY_METRICS_RETENTION_DAYS", "99999", "using the default (180)"],
  ["TELEMETRY_STORE_PATH", "a\0b", "using the default (./telemetry/telemetry.db)"],
  ["TELEMETRY_STRICT", "yes", "using the default (false)"],
];

test.each(WRONG)("%s=%j falls back with one printable line that names it", (variable, value, end) => {
  const { problems, shown } = resolveDeskConfig({}, { [variable]: value });
  expect(problems).toHaveLength(1);
  expect(problems[0]).toMatch(new RegExp(`^${variable} `));
  expect(problems[0]!.endsWith(end)).toBe(true);
  expect(problems[0]).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
  expect(problems[0] + JSON.stringify(shown)).not.toContain("hunter2");
});

test.each(WRONG.filter(([variable]) => variable !== "TELEMETRY_STRICT"))(
  "%s=%j throws in strict mode",
  (variable, value) => {
    const resolve = () => resolveDeskConfig({}, { [variable]: value, TELEMETRY_STRICT: "true" });
    expect(resolve).toThrow(expect.objectContaining({ code: "invalid_environment" }));
    expect(resolve).toThrow(variable);
  },
);

test.each([
  [{ port: 70_000 }, "port is 70000, not a port from 0 to 65535"],
  [{ port: 1.5 }, "port is 1.5"],
  [{ port: true }, "port is true"],
  [{ path: "" }, 'path is ""'],
  [{ host: "a b" }, 'host is "a b", not a name or an address'],
  [{ token: "short" }, "token (hidden) is, not 16 to 512 visible ASCII characters"],
  [{ allowedHosts: ["a/b"] }, "allowedHosts is a list, not a list of at most 100 names"],
  [{ basePath: "desk" }, 'basePath is "desk", not a path such as /desk'],
  [{ basePath: "/desk/" }, "basePath"],
  [{ basePath: "//evil.example.com" }, "basePath"],
  [{ basePath: "/a/../b" }, "basePath"],
  [{ title: "a\nb" }, "title"],
  [{ title: "x".repeat(81) }, "title"],
  [{ cards: { funding: {} } }, "cards is an object, not an object of at most 500 cards, each with a title"],
  [{ cards: { funding: { title: "Funding", tone: "pink" } } }, "cards"],
  [{ eventsRetentionDays: 0 }, "eventsRetentionDays is 0, not a whole number of days from 1 to 36500, or forever"],
  [{ eventsRetentionDays: "30d" }, 'eventsRetentionDays is "30d"'],
  [{ keepAlive: 1 }, "keepAlive is 1"],
  [{ prot: 1 }, "prot is no option; there are path,"],
] as const)("%j throws at once, with the value and what it may be", (options, message) => {
  const resolve = () => resolveDeskConfig(options as unknown as DeskOptions, {});
  expect(resolve).toThrow(DeskError);
  expect(resolve).toThrow(message);
});

test("an address that others can reach throws without a token, whatever it is called", () => {
  for (const host of ["0.0.0.0", "::", "192.168.1.5", "desk.example.com", "128.0.0.1", "localhost.example.com"])
    expect(() => resolveDeskConfig({ host }, {})).toThrow(expect.objectContaining({ code: "token_required" }));
  for (const host of ["127.0.0.1", "127.9.9.9", "::1", "localhost", "LOCALHOST"])
    expect(resolveDeskConfig({ host }, {}).host).toBe(host);
  expect(resolveDeskConfig({ host: "0.0.0.0", token: SECRET }, {}).host).toBe("0.0.0.0");
  expect(resolveDeskConfig({ host: "0.0.0.0" }, { TELEMETRY_DESK_TOKEN: SECRET }).token).toBe(SECRET);
});

test("a card may be all that the page can show", () => {
  const cards = {
    funding_paid: { title: "Funding paid", icon: "coins", tone: "info", text: "{amount}", fields: ["rate"] },
  } as const;
  expect(resolveDeskConfig({ cards }, {}).cards).toEqual(cards);
});
