import { describe, expect, test } from "vitest";
import { sharedDesk } from "../../test/shared-desk.ts";
import { openTestDesk } from "../../test/test-desk.ts";
import { ROUTES } from "../api/routes.ts";
import type { Arrival } from "./arrival.ts";
import { createTokenGuard } from "./token-guard.ts";

const TOKEN = "correct-horse-battery";
const RECENT = "/api/telemetry/recent";
const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
const form = (token: string): RequestInit => ({
  method: "POST",
  headers: { "content-type": "application/x-www-form-urlencoded" },
  body: new URLSearchParams({ token }).toString(),
});
const ARRIVAL: Arrival = {
  localAddress: "127.0.0.1",
  localPort: 1,
  basePath: "",
  isWhole: true,
  body: undefined,
  cut: undefined,
};

describe("a desk with a token", () => {
  const shared = sharedDesk(undefined, { token: TOKEN });

  test.each(ROUTES.map(({ method, path }) => [method, path]))("wants it at %s %s", async (method, path) => {
    const init = { method: method.toUpperCase() };
    for (const headers of [
      {},
      { authorization: "Bearer wrong-wrong-wrong-wrong" },
      { authorization: `Basic ${TOKEN}` },
      { cookie: "tracebook_desk_0=1.a" },
    ]) {
      const {
        status,
        headers: answered,
        json,
      } = await shared.get(path, { ...init, headers: headers as Record<string, string> });
      expect([status, json.code]).toEqual([401, "token_needed"]);
      expect(answered.get("www-authenticate")).toBe('Bearer realm="tracebook"');
    }
  });

  test("lets in who brings it as a header", async () => {
    expect((await shared.get(RECENT, bearer(TOKEN))).status).toBe(200);
    expect((await shared.get(RECENT, { headers: { authorization: `bearer  ${TOKEN}` } })).status).toBe(200);
    expect((await shared.get(RECENT, bearer(`${TOKEN}x`))).status).toBe(401);
  });

  test("asks a browser for it, and lets it in by a cookie that scripts cannot read", async () => {
    const page = await shared.get("/decisions");
    expect([page.status, page.headers.get("content-type")]).toEqual([401, "text/html; charset=utf-8"]);
    expect(page.text).toContain('action="/login"');
    const wrong = await shared.get("/login", form("<script>alert(1)</script>"));
    expect([wrong.status, wrong.text.includes("That is not the token")]).toEqual([401, true]);
    expect(wrong.text).not.toContain("alert(1)");
    expect(wrong.headers.get("set-cookie")).toBeNull();
    const entered = await shared.get("/login", form(TOKEN));
    expect(entered.status).toBe(200);
    const cookie = entered.headers.get("set-cookie") ?? "";
    expect(cookie).toMatch(/^tracebook_desk_\d+=\d+\.[\w-]+; Path=\/; Max-Age=604800; HttpOnly; SameSite=Strict$/);
    expect(cookie + entered.text).not.toContain(TOKEN);
    const headers = { cookie: cookie.split(";")[0] as string };
    expect((await shared.get(RECENT, { headers })).status).toBe(200);
    expect((await shared.get("/", { headers })).status).toBe(200);
    expect((await shared.get(RECENT, { headers: { cookie: `${headers.cookie}x` } })).status).toBe(401);
  });

  test("takes it once from a link, and leads on without it", async () => {
    const entered = await shared.get(`/?token=${TOKEN}`);
    expect(entered.text).toContain('content="0;url=/"');
    expect(entered.text).not.toContain(TOKEN);
    expect(entered.headers.get("referrer-policy")).toBe("no-referrer");
    expect((await shared.get("/?token=wrong-wrong-wrong-wrong")).status).toBe(401);
    // For programs there is the header: addresses stand in logs.
    expect((await shared.get(`${RECENT}?token=${TOKEN}`)).status).toBe(401);
  });

  test("takes no other form, and no large one", async () => {
    const json = {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ token: TOKEN }),
    };
    expect((await shared.get("/login", json)).status).toBe(415);
    expect((await shared.get("/login", form("x".repeat(5_000)))).status).toBe(413);
  });

  test("shows it nowhere", async () => {
    const health = await shared.get("/api/telemetry/health", bearer(TOKEN));
    expect(health.json.configuration).toContainEqual({ name: "token", value: "***", source: "option" });
    expect(health.text).not.toContain(TOKEN);
  });
});

test("without a token everybody of this machine is let in", () => {
  expect(createTokenGuard(undefined).isLetIn(new Headers(), ARRIVAL)).toBe(true);
  expect(createTokenGuard(undefined).isToken("")).toBe(false);
});

test("a cookie ends, is of one token, and of one port", () => {
  let nowMs = 1_000_000;
  const guard = createTokenGuard(TOKEN, () => nowMs);
  const cookie = guard.cookie(ARRIVAL, true);
  expect(cookie.endsWith("; Secure")).toBe(true);
  const headers = new Headers({ cookie: `other=1; ${cookie.split(";")[0]}` });
  expect(guard.isLetIn(headers, ARRIVAL)).toBe(true);
  expect(guard.isLetIn(headers, { ...ARRIVAL, localPort: 2 })).toBe(false);
  expect(createTokenGuard("another-token-of-16", () => nowMs).isLetIn(headers, ARRIVAL)).toBe(false);
  nowMs += 7 * 86_400_000;
  expect(guard.isLetIn(headers, ARRIVAL)).toBe(false);
});

test("a cookie whose end was changed is none", () => {
  const guard = createTokenGuard(TOKEN);
  const pair = guard.cookie(ARRIVAL, false).split(";")[0] as string;
  const [name, value = ""] = pair.split("=");
  const later = `${Number(value.split(".")[0]) + 1}.${value.split(".")[1]}`;
  expect(guard.isLetIn(new Headers({ cookie: `${name}=${later}` }), ARRIVAL)).toBe(false);
  expect(guard.isLetIn(new Headers({ cookie: `${name}=` }), ARRIVAL)).toBe(false);
});

test("an address that others can reach needs a token, and then answers by its own name", async () => {
  await expect(openTestDesk({ host: "0.0.0.0" })).rejects.toThrow(
    /host is 0\.0\.0\.0, which others can reach, and there is no token/,
  );
  const { desk } = await openTestDesk({ host: "0.0.0.0", token: TOKEN });
  const { port } = new URL(desk.url);
  const answer = await fetch(`http://127.0.0.1:${port}${RECENT}`, bearer(TOKEN));
  expect(answer.status).toBe(200);
});
