// Case 43: who may ask, over every route of the router, by raw sockets.
import { describe, expect, test } from "vitest";
import { ORDER_TRACE, writeKnownData } from "../../test/known-data.ts";
import { type RawAnswer, rawRequest, sendRaw } from "../../test/raw-request.ts";
import { sharedDesk } from "../../test/shared-desk.ts";
import { ROUTES } from "../api/routes.ts";

const shared = sharedDesk((desk) => writeKnownData(desk.store));

/** Every route with its parameters filled in, and what is no route of the API. */
const TARGETS: readonly (readonly [string, string])[] = [
  ...ROUTES.map(({ method, path }) => {
    const filled = path
      .replace("{event_id}", "10")
      .replace("{id}", "1")
      .replace("{trace_id}", ORDER_TRACE)
      .replace("{name}", "trading_stage_duration_seconds");
    const query = path.endsWith("/search") ? "?text=a" : path.endsWith("/whatif") ? "?edge_unit=bps" : "";
    return [method.toUpperCase(), filled + query] as const;
  }),
  ["GET", "/"],
  ["GET", "/decisions/10"],
  ["GET", "/favicon.svg"],
  ["POST", "/login"],
  ["GET", "/api/telemetry/nothing"],
  ["DELETE", "/api/telemetry/events"],
];

const port = () => new URL(shared.desk.url).port;
const own = () => `localhost:${port()}`;

/** Whether the answer has everything that every answer has. */
function expectSecured({ headers }: RawAnswer): void {
  expect(headers.get("x-content-type-options")).toBe("nosniff");
  expect(headers.get("content-security-policy")).toMatch(/default-src '(?:self|none)'.*frame-ancestors 'none'/);
  expect(headers.get("referrer-policy")).toBe("no-referrer");
  expect(headers.get("cross-origin-opener-policy")).toBe("same-origin");
  expect(headers.get("cross-origin-resource-policy")).toBe("same-origin");
  expect([...headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual([]);
  expect([...headers.keys()]).not.toContain("x-powered-by");
}

function send(method: string, target: string, headers: readonly string[]): Promise<RawAnswer> {
  const body = method === "POST" ? ["Content-Type: application/json", "Content-Length: 2"] : [];
  return sendRaw(shared.desk.url, rawRequest(method, target, [...headers, ...body]) + (method === "POST" ? "{}" : ""));
}

describe("every route", () => {
  test("is in the table", () => {
    expect(TARGETS.length).toBe(ROUTES.length + 6);
  });

  test.each(TARGETS)("%s %s answers to no name that is not the desk's", async (method, target) => {
    const hosts = [
      "evil.example.com",
      `evil.example.com:${port()}`,
      "localhost",
      "localhost:1",
      `localhost.evil.example.com:${port()}`,
      `127.0.0.1.nip.io:${port()}`,
      `user@localhost:${port()}`,
      `localhost:${port()}@evil.example.com`,
      `[::ffff:7f00:1]:${port()}`,
      `2130706433:${port()}`,
      "",
      " ",
    ];
    for (const host of hosts) {
      const answer = await send(method, target, [`Host: ${host}`]);
      expect([host, answer.status]).toEqual([host, 403]);
      expectSecured(answer);
      expect(answer.body).toContain("host_not_allowed");
    }
  });

  test.each(TARGETS)("%s %s answers no page of another site", async (method, target) => {
    const isPage = method === "GET" && !/^\/(?:api|v1)\//.test(target);
    const cases: readonly (readonly [readonly string[], boolean])[] = [
      [["Origin: http://evil.example.com"], false],
      [["Origin: null"], false],
      [[`Origin: http://localhost:1`], false],
      [[`Origin: http://localhost:${port()}.evil.example.com`], false],
      [["Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: no-cors"], false],
      [["Sec-Fetch-Site: same-site", "Sec-Fetch-Mode: cors"], false],
      [["Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: iframe"], false],
      // A link leads to the page, and to nothing else.
      [["Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document"], isPage],
    ];
    for (const [headers, isAnswered] of cases) {
      const answer = await send(method, target, [`Host: ${own()}`, ...headers]);
      if (isAnswered) expect([headers, answer.status]).not.toEqual([headers, 403]);
      else expect([headers, answer.status]).toEqual([headers, 403]);
      expectSecured(answer);
    }
  });

  test.each(TARGETS.filter(([, target]) => !target.endsWith("/live")))(
    "%s %s answers to its own names and its own page, with every header, and allows no other site",
    async (method, target) => {
      for (const host of [own(), `127.0.0.1:${port()}`, `[::1]:${port()}`, `LOCALHOST:${port()}`]) {
        const headers = [`Host: ${host}`, `Origin: http://${host.toLowerCase()}`, "Sec-Fetch-Site: same-origin"];
        const answer = await send(method, target, headers);
        expect([host, answer.status]).not.toEqual([host, 403]);
        expect(answer.status).not.toBe(500);
        expectSecured(answer);
      }
    },
  );

  test.each(TARGETS.filter(([method]) => method !== "DELETE"))(
    "%s %s takes no other method, a preflight included",
    async (method, target) => {
      for (const other of ["OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", method === "GET" ? "POST" : "GET"]) {
        if (target === "/login" && other === "GET") continue;
        if (TARGETS.some((known) => known[0] === other && known[1] === target)) continue;
        const preflight = ["Origin: http://evil.example.com", "Access-Control-Request-Method: POST"];
        const answer = await send(other, target, [`Host: ${own()}`, ...(other === "OPTIONS" ? preflight : [])]);
        expect([other, [403, 404, 405].includes(answer.status)]).toEqual([other, true]);
        expectSecured(answer);
      }
    },
  );
});

test("a request that names two hosts, or a whole address, is none", async () => {
  const { url } = shared.desk;
  const twice = await sendRaw(url, rawRequest("GET", "/", [`Host: ${own()}`, `Host: ${own()}`]));
  expect(twice.status).toBe(400);
  const whole = await sendRaw(url, rawRequest("GET", `http://${own()}/`, [`Host: ${own()}`]));
  expect(whole.status).toBe(400);
  expectSecured(whole);
  const none = await sendRaw(url, rawRequest("GET", "/", []));
  expect(none.status).toBe(400);
  const star = await sendRaw(url, rawRequest("OPTIONS", "*", [`Host: ${own()}`]));
  expect(star.status).toBe(400);
});

test("a connection to a socket is not upgraded", async () => {
  const headers = [`Host: ${own()}`, "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13"];
  const answer = await sendRaw(shared.desk.url, rawRequest("GET", "/api/telemetry/live", headers), {
    untilEnd: false,
    timeoutMs: 1_000,
  }).catch(() => undefined);
  expect(answer?.status ?? 200).not.toBe(101);
});
