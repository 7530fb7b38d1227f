import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { openTestDesk, testFolder } from "../../test/test-desk.ts";
import { createPageAnswers } from "./page-answers.ts";
import { readPageFiles } from "./page-files.ts";

const SCRIPT = `console.log("${"desk ".repeat(500)}");`;

function builtPage(): string {
  const dir = testFolder();
  mkdirSync(join(dir, "assets"));
  writeFileSync(
    join(dir, "index.html"),
    '<!doctype html><html><head><base href="/" /><title>T</title></head><body></body></html>',
  );
  writeFileSync(join(dir, "assets", "index-1a2b.js"), SCRIPT);
  writeFileSync(join(dir, "assets", "font-1a2b.woff2"), "wOF2".repeat(100));
  writeFileSync(join(dir, "favicon.svg"), "<svg/>");
  writeFileSync(join(dir, "notes.exe"), "no");
  writeFileSync(join(dir, "assets", "index-1a2b.js.map"), "{}");
  return dir;
}

const answers = () => createPageAnswers(readPageFiles(["/nowhere/at/all", builtPage()]));
const accepting = (encoding: string) => new Headers({ "accept-encoding": encoding });

test("files are those of the folder, with a type that is known, and nothing else", () => {
  const { files } = readPageFiles([builtPage()]);
  expect([...files.keys()].sort()).toEqual(["assets/font-1a2b.woff2", "assets/index-1a2b.js", "favicon.svg"]);
});

test("hashed files are kept for ever, others are asked for again, and known ones are not sent again", async () => {
  const { file } = answers();
  const script = file(new Headers(), "/assets/index-1a2b.js")!;
  expect(script.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
  expect(script.headers.get("content-type")).toBe("text/javascript; charset=utf-8");
  expect(await script.text()).toBe(SCRIPT);
  const icon = file(new Headers(), "/favicon.svg")!;
  expect(icon.headers.get("cache-control")).toBe("no-cache");
  const etag = icon.headers.get("etag")!;
  expect(file(new Headers({ "if-none-match": `"other", W/${etag}` }), "/favicon.svg")!.status).toBe(304);
  expect(file(new Headers(), "/assets/none.js")).toBeUndefined();
});

test("they are packed for whoever takes it, and only where it helps", async () => {
  const { file } = answers();
  const bytesOf = async (encoding: string, path = "/assets/index-1a2b.js") => {
    const answer = file(accepting(encoding), path)!;
    return [answer.headers.get("content-encoding"), Buffer.from(await answer.arrayBuffer())] as const;
  };
  const [br, packed] = await bytesOf("gzip, deflate, br");
  expect([br, brotliDecompressSync(packed).toString()]).toEqual(["br", SCRIPT]);
  const [gzip, zipped] = await bytesOf("gzip");
  expect([gzip, gunzipSync(zipped).toString()]).toEqual(["gzip", SCRIPT]);
  expect((await bytesOf("br;q=0, gzip;q=0"))[0]).toBeNull();
  expect((await bytesOf("br", "/assets/font-1a2b.woff2"))[0]).toBeNull();
  expect((await bytesOf("br", "/favicon.svg"))[0]).toBeNull();
});

test("the page says where it is mounted, and may run nothing that is inline", async () => {
  const { page } = answers();
  const answer = page(new Headers(), "/ops/desk")!;
  expect(await answer.text()).toContain('<base href="/ops/desk/" />');
  const policy = answer.headers.get("content-security-policy");
  expect(policy).toContain("default-src 'self'");
  expect(policy).not.toMatch(/unsafe|\*|https?:/);
  expect(answer.headers.get("cache-control")).toBe("no-cache");
  const etag = answer.headers.get("etag")!;
  expect(page(new Headers({ "if-none-match": etag }), "/ops/desk")!.status).toBe(304);
  expect(page(new Headers({ "if-none-match": etag }), "")!.status).toBe(200);
});

test("a page without a base gets one", async () => {
  const index = "<html><head><title>T</title></head></html>";
  const answer = createPageAnswers({ files: new Map(), index }).page(new Headers(), "")!;
  expect(await answer.text()).toBe('<html><head><base href="/" /><title>T</title></head></html>');
});

test("every path without an extension is the page's, and no other one", () => {
  const { isPage } = answers();
  expect(["/", "/decisions/5", "/traces/0af7", "/a.b/c"].map(isPage)).toEqual([true, true, true, true]);
  expect(["/x.js", "/a/b.html", "/.env"].map(isPage)).toEqual([false, false, false]);
});

test("without a page there is a line that says how it is built", () => {
  const { page } = createPageAnswers(readPageFiles(["/nowhere/at/all"]));
  expect(page(new Headers(), "")).toBeUndefined();
});

test("the page's paths answer GET and HEAD", async () => {
  const { desk } = await openTestDesk();
  const head = await fetch(`${desk.url}/traces`, { method: "HEAD" });
  expect([head.status, await head.text()]).toEqual([200, ""]);
  const health = await fetch(`${desk.url}/api/telemetry/desk`, { method: "HEAD" });
  expect([health.status, await health.text()]).toEqual([200, ""]);
  expect((await fetch(`${desk.url}/api/telemetry/export`, { method: "HEAD" })).status).toBe(405);
});
