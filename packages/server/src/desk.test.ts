import { spawn } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openSqliteStore } from "@tracebook/store/sqlite";
import { expect, onTestFinished, test } from "vitest";
import { ask, openTestDesk, testFolder } from "../test/test-desk.ts";
import { openDesk } from "./desk.ts";

/** Takes a port. */
async function takePort(port = 0): Promise<number> {
  const server = createServer((_, response) => response.end("taken"));
  onTestFinished(() => {
    server.close();
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

test("one line at start says the address, and what is stored where", async () => {
  const { desk, dir, lines } = await openTestDesk({ token: "correct-horse-battery" });
  expect(lines).toEqual([`tracebook desk: ${desk.url}, database ${join(dir, "telemetry.db")}, token wanted`]);
  expect(desk.health()).toEqual({ url: desk.url, problems: [] });
});

test("a port that is taken is one line and stands in health; the host runs, and may mount the desk all the same", async () => {
  const port = await takePort();
  const { desk, lines } = await openTestDesk({ port });
  expect(desk.url).toBe("");
  expect(lines).toEqual([
    `tracebook desk: cannot listen on 127.0.0.1:${port} (the port is taken); set TELEMETRY_DESK_PORT to a free port`,
  ]);
  expect(desk.health().problems).toEqual([`cannot listen on 127.0.0.1:${port} (the port is taken)`]);
  await desk.logEvent({ eventType: "still here" });
  expect(desk.getCachedEvents(1)[0]?.event_type).toBe("still here");
  const server = createServer(desk.handler);
  onTestFinished(() => {
    server.close();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const health = await ask(`http://127.0.0.1:${(server.address() as AddressInfo).port}/api/telemetry/health`);
  expect(health.json.problems).toEqual(desk.health().problems);
});

test("an address that this machine does not have is one line as well", async () => {
  const { desk, lines } = await openTestDesk({ host: "192.0.2.1", token: "correct-horse-battery" });
  expect(desk.url).toBe("");
  expect(lines[0]).toMatch(/cannot listen on 192\.0\.2\.1:0 \(EADDRNOTAVAIL\)/);
});

test("wrong options throw before anything is opened", async () => {
  await expect(openDesk({ port: 99_999 }, {})).rejects.toMatchObject({ code: "invalid_option" });
  const dir = testFolder();
  await expect(openDesk({ path: dir, port: 0, onLine: () => {} }, {})).rejects.toMatchObject({ name: "StoreError" });
});

test("a wrong variable is a line at start and a problem in health", async () => {
  const dir = testFolder();
  const lines: string[] = [];
  const desk = await openDesk(
    { path: join(dir, "t.db"), port: 0, onLine: (line) => lines.push(line) },
    { TELEMETRY_TRACES_RETENTION_DAYS: "soon" },
  );
  onTestFinished(() => desk.close());
  const line =
    'TELEMETRY_TRACES_RETENTION_DAYS is "soon", not a whole number of days from 1 to 36500, or forever: using the default (30)';
  expect(lines[0]).toBe(`tracebook desk: ${line}`);
  expect(desk.health().problems).toEqual([line]);
});

test("a store of the host's own is used, and stays open", async () => {
  const store = await openSqliteStore({ path: join(testFolder(), "host.db") });
  onTestFinished(() => store.close());
  const { desk } = await openTestDesk({ store });
  await desk.logEvent({ eventType: "tick" });
  await desk.close();
  await desk.close();
  expect(await store.countEvents({})).toBe(1);
});

test("a closed desk refuses, and says so", async () => {
  const { desk } = await openTestDesk();
  const { url } = desk;
  await desk.close();
  await expect(fetch(url)).rejects.toThrow();
  await expect(desk.getEvents()).rejects.toMatchObject({ code: "store_closed" });
  const token = "correct-horse-battery";
  const second = await openTestDesk({ port: false, token });
  await second.desk.close();
  const request = new Request("http://localhost/api/telemetry/events", {
    headers: { authorization: `Bearer ${token}` },
  });
  const answer = await second.desk.fetch(request);
  expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "1"]);
  expect(await answer.json()).toMatchObject({ code: "store_busy", detail: "The desk is closing. Ask again later." });
});

test.each([
  ["close", "[]"],
  ["end", "the host is done"],
])("a process that is to %s ends by itself: nothing of the desk is left", async (what, output) => {
  const script = fileURLToPath(new URL("../test/fixtures/desk-process.ts", import.meta.url));
  const args = [
    "--conditions=@tracebook/source",
    "--disable-warning=ExperimentalWarning",
    script,
    join(testFolder(), "t.db"),
    what,
  ];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  let text = "";
  child.stdout.on("data", (piece) => {
    text += piece;
  });
  child.stderr.on("data", (piece) => {
    text += piece;
  });
  const code = await new Promise((resolve) => child.on("exit", resolve));
  expect([code, text]).toEqual([0, output]);
});
