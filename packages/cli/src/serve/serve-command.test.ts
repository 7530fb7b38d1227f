import type { ChildProcess } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, onTestFinished, test } from "vitest";
import { finished, folderOf, startTracebook, tracebook } from "../../test/tracebook.ts";

/** Starts a desk; resolves with its address, when it has said it. */
async function startDesk(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const child = startTracebook(["serve", "--port", "0", "--json", ...args], { env });
  const ended = finished(child);
  const url = await new Promise<string>((resolve, reject) => {
    let text = "";
    child.stdout?.on("data", (piece: string) => {
      text += piece;
      if (text.includes("\n")) resolve(JSON.parse(text.split("\n")[0] as string).url);
    });
    void ended.then(({ stderr }) => reject(new Error(`it has ended: ${stderr}`)));
  });
  return { child, ended, url };
}

const stop = (child: ChildProcess, signal: NodeJS.Signals) => child.kill(signal);

test("it says the address, answers, takes OTLP, and ends cleanly when it is asked to", async () => {
  const dir = folderOf();
  const { child, ended, url } = await startDesk(["--db", join(dir, "desk", "t.db"), "--title", "Floor"]);
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  const body = JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords: [{ eventName: "trading.tick" }] }] }] });
  const headers = { "content-type": "application/json" };
  expect((await fetch(`${url}/v1/logs`, { method: "POST", headers, body })).status).toBe(200);
  const recent = (await (await fetch(`${url}/api/telemetry/recent`)).json()) as { events: { event_type: string }[] };
  expect(recent.events.map((event) => event.event_type)).toEqual(["tick"]);
  expect(await (await fetch(`${url}/api/telemetry/desk`)).json()).toMatchObject({ title: "Floor" });
  // A page that watches is no reason to stay.
  const live = await fetch(`${url}/api/telemetry/live`);
  stop(child, "SIGTERM");
  const { code, signal, stderr } = await ended;
  expect([code, signal]).toEqual([0, null]);
  expect(stderr).toMatch(/^tracebook: desk: http:\/\/127\.0\.0\.1:\d+, database .*t\.db\n$/);
  await live.body?.cancel().catch(() => {});
});

test("Ctrl-C ends it as well", async () => {
  const { child, ended } = await startDesk(["--db", join(folderOf(), "t.db")]);
  stop(child, "SIGINT");
  expect(await ended).toMatchObject({ code: 0, signal: null });
});

test("options win over variables, and the token is wanted and never shown", async () => {
  const dir = folderOf();
  const env = {
    TELEMETRY_DESK_TOKEN: "correct-horse-battery",
    TELEMETRY_STORE_PATH: join(dir, "env.db"),
    TELEMETRY_TRACES_RETENTION_DAYS: "3",
  };
  const { child, ended, url } = await startDesk(["--events-retention", "2w", "--traces-retention", "forever"], env);
  expect((await fetch(`${url}/api/telemetry/health`)).status).toBe(401);
  const headers = { authorization: "Bearer correct-horse-battery" };
  const health = (await (await fetch(`${url}/api/telemetry/health`, { headers })).json()) as {
    store: { path: string };
    retention: { what: string; keep_days: number | null }[];
  };
  expect(health.store.path).toBe(join(dir, "env.db"));
  expect(health.retention.map(({ keep_days: days }) => days)).toEqual([14, null, 180]);
  stop(child, "SIGTERM");
  const { stdout, stderr } = await ended;
  expect(stdout + stderr).not.toContain("correct-horse");
});

test("a port that is taken is one line, and ends it with 2", async () => {
  const server = createServer();
  onTestFinished(() => {
    server.close();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const { code, stdout, stderr } = await tracebook(["serve", "--db", join(folderOf(), "t.db"), "--port", String(port)]);
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toContain(`cannot listen on 127.0.0.1:${port} (the port is taken)`);
});

test.each([
  [["--port", "x"], '--port is "x"; it must be a port from 0 to 65535'],
  [["--port", "65536"], "--port"],
  [["--host", "0.0.0.0"], "host is 0.0.0.0, which others can reach, and there is no token"],
  [["--host", "a b"], 'host is "a b"'],
  [["--token", "short"], "token (hidden) is, not 16 to 512 visible ASCII characters"],
  [["--allowed-host", "http://x"], "allowedHosts"],
  [["--events-retention", "0d"], '--events-retention is "0d"'],
  [["--metrics-retention", "12h"], "whole days or weeks"],
  [["--titel", "x"], "Did you mean --title?"],
  [["telemetry.db"], '"telemetry.db" is no option'],
] as const)("%j is refused with what it may be", async (args, message) => {
  const { code, stdout, stderr } = await tracebook(["serve", "--db", join(folderOf(), "t.db"), ...args]);
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toContain(message);
  expect(stderr).not.toContain("    at ");
});

test("a wrong variable ends it, too: there is no host to be spared", async () => {
  const { code, stderr } = await tracebook(["serve", "--db", join(folderOf(), "t.db")], {
    env: { TELEMETRY_DESK_PORT: "eighty" },
  });
  expect(code).toBe(2);
  expect(stderr).toContain('TELEMETRY_DESK_PORT is "eighty", not a port from 0 to 65535');
});

test("a database that belongs to another program is left alone", async () => {
  const path = join(folderOf(), "other.db");
  const other = new DatabaseSync(path);
  other.exec("CREATE TABLE theirs (id INTEGER)");
  other.close();
  const { code, stderr } = await tracebook(["serve", "--port", "0", "--db", path]);
  expect(code).toBe(2);
  expect(stderr).toContain("is not a database of Tracebook");
  expect(stderr).not.toContain("    at ");
});
