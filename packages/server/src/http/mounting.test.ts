import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { Hono } from "hono";
import { expect, onTestFinished, test } from "vitest";
import { ask, openTestDesk } from "../../test/test-desk.ts";

async function serve(listener: RequestListener, host = "127.0.0.1"): Promise<string> {
  const server = createServer(listener);
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function expectWhole(url: string, base: string): Promise<void> {
  const recent = await ask(`${url}${base}/api/telemetry/recent`);
  expect([recent.status, recent.json]).toEqual([200, { events: [], count: 0 }]);
  expect((await ask(`${url}${base}/api/telemetry/recent?limit=0`)).status).toBe(400);
  const otlp = await ask(`${url}${base}/v1/traces`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: '{"resourceSpans":[]}',
  });
  expect([otlp.status, otlp.json]).toEqual([200, {}]);
  for (const path of ["/", "/decisions/5"]) {
    const page = await ask(`${url}${base}${path}`);
    expect(page.status).toBe(200);
    if (page.text.includes("<base")) expect(page.text).toContain(`<base href="${base}/" />`);
  }
}

test("it hangs below a path of a node:http server", async () => {
  const { desk } = await openTestDesk({ port: false, basePath: "/ops/desk" });
  expect(desk.url).toBe("");
  const url = await serve((request, response) => {
    if (request.url?.startsWith("/ops/desk")) return desk.handler(request, response);
    response.end("the host's own");
  });
  await expectWhole(url, "/ops/desk");
  expect((await ask(`${url}/ops/desk`)).status).toBe(200);
  expect((await ask(`${url}/other`)).text).toBe("the host's own");
});

test("it hangs below a router that takes the path off, as Express does", async () => {
  const { desk } = await openTestDesk({ port: false });
  const use =
    (base: string, handler: (request: IncomingMessage, response: ServerResponse) => void): RequestListener =>
    (request, response) => {
      if (!request.url?.startsWith(base)) return response.end("the host's own");
      Object.assign(request, { baseUrl: base, originalUrl: request.url });
      request.url = request.url.slice(base.length) || "/";
      handler(request, response);
    };
  const url = await serve(use("/desk", desk.handler));
  await expectWhole(url, "/desk");
});

test("a base that a router made of what was asked for never becomes another site's", async () => {
  const { desk } = await openTestDesk({ port: false });
  for (const base of ["//evil.example.com", '/a"><script>', "/../x", "https://evil.example.com"]) {
    const url = await serve((request, response) => {
      Object.assign(request, { baseUrl: base });
      desk.handler(request, response);
    });
    const page = await ask(`${url}/`);
    expect(page.text).not.toContain("evil");
    expect(page.text).not.toContain("<script>");
  }
});

test("it hangs in a Hono app of the host's", async () => {
  const { desk } = await openTestDesk({ port: false, basePath: "/desk" });
  const app = new Hono();
  app.all("/desk/*", (c) => desk.fetch(c.req.raw, c.env));
  await expectWhole(await serve(getRequestListener(app.fetch, { overrideGlobalObjects: false })), "/desk");
  const mounted = new Hono();
  mounted.mount("/desk", (request, env) => desk.fetch(request, env));
  await expectWhole(await serve(getRequestListener(mounted.fetch, { overrideGlobalObjects: false })), "/desk");
});

test("a request of which nobody knows by which address it came needs a token", async () => {
  const open = await openTestDesk({ port: false });
  const request = () => new Request("http://localhost/api/telemetry/recent");
  const refused = await open.desk.fetch(request());
  expect(refused.status).toBe(403);
  expect(await refused.text()).toContain("the desk has no token");
  const token = "correct-horse-battery";
  const closed = await openTestDesk({ port: false, token });
  expect((await closed.desk.fetch(request())).status).toBe(401);
  const withToken = new Request(request(), { headers: { authorization: `Bearer ${token}` } });
  expect((await closed.desk.fetch(withToken)).status).toBe(200);
});

test("a host that listens where others can reach it has to give a token, whatever name is used", async () => {
  const { desk } = await openTestDesk({ port: false });
  const url = await serve((request, response) => {
    // As a connection that came by the machine's other address.
    const socket = { localAddress: "192.168.1.5", localPort: request.socket.localPort, encrypted: false };
    Object.defineProperty(request, "socket", { value: Object.setPrototypeOf(socket, request.socket) });
    desk.handler(request, response);
  }, "0.0.0.0");
  const answer = await ask(`${url}/api/telemetry/recent`);
  expect([answer.status, answer.json.code]).toEqual([403, "host_not_allowed"]);
});

test("a name that is allowed is answered, with its port or any, and no other", async () => {
  const { desk } = await openTestDesk({ allowedHosts: ["desk.example.com", "bot.internal:8080", "dev.example.com:*"] });
  const { port } = new URL(desk.url);
  const { request } = await import("node:http");
  const statusOf = (host: string) =>
    new Promise<number>((resolve, reject) => {
      request({ host: "127.0.0.1", port, path: "/api/telemetry/desk", headers: { host } }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      })
        .on("error", reject)
        .end();
    });
  for (const host of [
    "desk.example.com",
    `desk.example.com:${port}`,
    "bot.internal:8080",
    "dev.example.com:1",
    "DEV.example.com",
  ])
    expect([host, await statusOf(host)]).toEqual([host, 200]);
  for (const host of ["desk.example.com:1", "bot.internal", "example.com", "desk.example.com.evil.org"])
    expect([host, await statusOf(host)]).toEqual([host, 403]);
});
