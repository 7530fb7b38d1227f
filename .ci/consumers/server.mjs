// A program with a desk of its own, as installed from npm: the page comes with it, OTLP goes in, and the answers come out.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDesk } from "@tracebook/server";

const dir = mkdtempSync(join(tmpdir(), "tracebook-consumer-"));
const desk = await openDesk({ path: join(dir, "telemetry.db"), port: 0, onLine: () => {} });
const page = await fetch(desk.url);
const html = await page.text();
assert.match(html, /<base href="\/" \/>/);
const script = /src="\.\/(assets\/[^"]+\.js)"/.exec(html)[1];
const loaded = await fetch(`${desk.url}/${script}`, { headers: { "accept-encoding": "br" } });
assert.deepEqual([loaded.status, loaded.headers.get("content-encoding")], [200, "br"]);
const body = JSON.stringify({
  resourceLogs: [{ scopeLogs: [{ logRecords: [{ eventName: "trading.scan_started" }] }] }],
});
const sent = await fetch(`${desk.url}/v1/logs`, {
  method: "POST",
  headers: { "content-type": "application/json" },
  body,
});
assert.equal(sent.status, 200);
const { events } = await (await fetch(`${desk.url}/api/telemetry/recent`)).json();
assert.equal(events[0].event_type, "scan_started");
assert.equal((await fetch(`${desk.url}/api/telemetry/openapi.json`)).status, 200);
await desk.close();
rmSync(dir, { recursive: true });
