// Case 45: texts that would be SQL, in every parameter that is text; and case 46: paths that would lead elsewhere.
import { expect, test } from "vitest";
import { KNOWN_MS, writeKnownData } from "../../test/known-data.ts";
import { rawRequest, sendRaw } from "../../test/raw-request.ts";
import { sharedDesk } from "../../test/shared-desk.ts";
import { openApiDocument } from "../api/openapi-document.ts";
import { ROUTES } from "../api/routes.ts";

const shared = sharedDesk((desk) => writeKnownData(desk.store));

const INJECTIONS = [
  "'",
  "' OR '1'='1",
  "'; DROP TABLE telemetry_events; --",
  '" OR ""="',
  "1; DELETE FROM decisions",
  "') UNION SELECT sql FROM sqlite_master --",
  "%' OR 1=1 --",
  "\\'; --",
  "`; ATTACH DATABASE '/tmp/x.db' AS x; --",
  "$symbol",
  "?1",
  "NULL",
  "%",
  "_",
  "\0",
  "\ud800",
  "\u202e",
  "{}",
  '{"$gt":""}',
  "x".repeat(1_000),
] as const;

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly schema: { readonly type?: string; readonly format?: string; readonly enum?: readonly string[] };
}

const { paths = {} } = openApiDocument("1.0.0");
const CASES = ROUTES.filter(({ method, path }) => method === "get" && !path.endsWith("/live")).flatMap(({ path }) => {
  const { parameters = [] } = (paths[path] as { get: { parameters?: readonly Parameter[] } }).get;
  return parameters
    .filter(({ schema }) => schema.format === undefined && schema.enum === undefined && schema.type !== "number")
    .map(({ name, in: where, schema }) => [path, name, where, schema.type ?? ""] as const);
});

test.each(CASES)("%s takes SQL in %s for a text like any other", async (path, name, where, type) => {
  const rows = async () => {
    const { events, decisions, spans } = await shared.desk.store.facts();
    return { events, decisions, spans };
  };
  const before = await rows();
  for (const injection of INJECTIONS) {
    const value = type === "array" ? `a:${injection}` : injection;
    const given = {
      ...(path.endsWith("/search") && { text: "a" }),
      ...(path.endsWith("/whatif") && { edge_unit: "bps" }),
    };
    const query = new URLSearchParams(where === "query" ? { ...given, [name]: value.toWellFormed() } : given);
    const target = path.replace(`{${name}}`, encodeURIComponent(value.toWellFormed())).replace(/\{\w+\}/, "1");
    const { status, text } = await shared.get(`${target}?${query}`);
    expect([injection, status === 200 || status === 400 || status === 404]).toEqual([injection, true]);
    expect(text).not.toMatch(/SQLITE_|syntax error|no such column|unrecognized token/);
  }
  expect(await rows()).toEqual(before);
});

test("a text that holds quotes and wildcards finds what has it, and nothing else", async () => {
  const { desk, get } = shared;
  await desk.logEvent({ eventType: "note", symbol: "100%_'\"", data: { text: 'it\'s 100% _done_ \\ "so"' } });
  const total = async (query: Record<string, string>) =>
    (await get(`/api/telemetry/events?${new URLSearchParams(query)}`)).json.pagination.total;
  expect(await total({ symbol: "100%_'\"" })).toBe(1);
  expect(await total({ symbol: "%" })).toBe(0);
  const found = async (text: string) =>
    (await get(`/api/telemetry/search?${new URLSearchParams({ text })}`)).json.events.length;
  expect([
    await found("it's 100% _done_"),
    await found('\\ "so"'),
    await found("100%x"),
    await found("_____done"),
  ]).toEqual([1, 1, 0, 0]);
  expect(KNOWN_MS).toBeLessThan(Date.now());
});

const TRAVERSALS = [
  "/../../../../etc/passwd",
  "/assets/../../../../etc/passwd",
  "/assets/..%2f..%2f..%2f..%2fetc%2fpasswd",
  "/assets/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
  "/assets/%252e%252e%252fetc%252fpasswd",
  "/assets/..\\..\\..\\etc\\passwd",
  "/assets/..%5c..%5cetc%5cpasswd",
  "/assets//etc/passwd",
  "//etc/passwd",
  "/%00/etc/passwd",
  "/assets/index.js%00.html",
  "/file:///etc/passwd",
  "/C:/Windows/win.ini",
  "/package.json",
  "/../package.json",
  "/telemetry.db",
  "/index.html",
  "/assets/",
  "/%c0%ae%c0%ae/etc/passwd",
  "/....//....//etc/passwd",
  "/api/telemetry/../../etc/passwd",
  "/api/telemetry/traces/..%2f..%2fetc%2fpasswd",
  "/api/telemetry/metrics/..%2f..%2fetc%2fpasswd",
] as const;

test.each(TRAVERSALS)("%s leads nowhere", async (target) => {
  const { url } = shared.desk;
  const answer = await sendRaw(url, rawRequest("GET", target, [`Host: localhost:${new URL(url).port}`]));
  expect([200, 400, 404]).toContain(answer.status);
  expect(answer.body).not.toMatch(/root:|"name": "@tracebook|SQLite format|\[fonts\]/);
  // What is answered is the page, an answer of the API, or a problem; no file is found by such a name.
  if (answer.status === 200) expect(answer.headers.get("content-type")).toMatch(/^text\/html|^application\/json/);
});
