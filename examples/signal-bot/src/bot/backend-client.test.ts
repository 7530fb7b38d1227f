import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tradingMetrics } from "@tracebook/node";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createBackendClient } from "./backend-client.ts";

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});
const request = { method: "GET", route: "/status", path: "/status", userId: "chat-1001" } as const;
const requests = vi.spyOn(tradingMetrics.botBackendRequests, "add");

async function answering(status: number, body: string) {
  const heard: Record<string, unknown>[] = [];
  server = createServer(({ headers, url }, response) => {
    heard.push({ url, authorization: headers.authorization, user: headers["x-chat-user"] });
    response.writeHead(status).end(body);
  });
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { client: createBackendClient(`http://127.0.0.1:${port}`, "token"), heard };
}

describe("the bot's way to its backend", () => {
  it("brings the token, whom it asks for, and the answer back", async () => {
    const { client, heard } = await answering(200, '{"queue_depth":4}');
    expect(await client.ask(request)).toEqual({ result: "success", status: 200, body: { queue_depth: 4 } });
    expect(heard).toEqual([{ url: "/status", authorization: "Bearer token", user: "chat-1001" }]);
  });

  it.each([
    [202, "success"],
    [400, "refused"],
    [401, "refused"],
    [404, "refused"],
    [500, "error"],
    [503, "error"],
  ])("that ends with %i counts as %s", async (status, result) => {
    const { client } = await answering(status, "not json");
    expect(await client.ask(request)).toEqual({ result, status, body: {} });
    expect(requests).toHaveBeenLastCalledWith(1, { method: "GET", status: result });
  });

  it("that ends nowhere counts as an error, and is none", async () => {
    const client = createBackendClient("http://127.0.0.1:1", "token");
    expect(await client.ask(request)).toMatchObject({ result: "error", status: 0 });
    expect(requests).toHaveBeenLastCalledWith(1, { method: "GET", status: "error" });
  });
});
