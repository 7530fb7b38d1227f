import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { freePort, isListening } from "./program-search.ts";
import { runProgram, startServerProgram } from "./server-program.ts";

const cwd = mkdtempSync(join(tmpdir(), "server-program-"));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));
const LISTEN = "require('net').createServer().listen(Number(process.argv[1]), '127.0.0.1')";
const command = process.execPath;
const { signal } = new AbortController();

async function options(script: string) {
  const port = await freePort();
  const isReady = () => isListening(port);
  return { port, command, args: ["-e", script, String(port)], cwd, endSignal: "TERM", isReady, signal } as const;
}

describe("a server of the run's own", () => {
  it("is ready when it answers, and gone when it is stopped", async () => {
    const { port, ...given } = await options(LISTEN);
    const program = await startServerProgram(given);
    expect(await isListening(port)).toBe(true);
    await program.stop();
    expect(await isListening(port)).toBe(false);
  });

  it("that dies at once is not waited for, and its last words are passed on", async () => {
    const given = await options("console.error('no such option'); process.exit(3)");
    await expect(startServerProgram(given)).rejects.toThrow(/ended with 3 before it was ready: no such option$/);
  });

  it("that is not there at all is not waited for either", async () => {
    const given = { ...(await options("")), command: join(cwd, "no-such-program") };
    await expect(startServerProgram(given)).rejects.toThrow(/ended with 127 before it was ready/);
  });

  it("is gone when nobody waits for it any more", async () => {
    const ending = new AbortController();
    const { port, ...given } = await options(LISTEN);
    const starting = startServerProgram({
      ...given,
      signal: ending.signal,
      // It listens, and is never well enough.
      isReady: async () => {
        if (await given.isReady()) ending.abort(new Error("changed my mind"));
        return false;
      },
    });
    await expect(starting).rejects.toThrow("changed my mind");
    expect(await isListening(port)).toBe(false);
    await expect(startServerProgram({ ...given, signal: ending.signal })).rejects.toThrow("changed my mind");
  });
});

describe("a program that is run to its end", () => {
  const run = (script: string, until = signal): Promise<void> =>
    runProgram(command, ["-e", script], { cwd, user: undefined, signal: until });

  it("says why it failed", async () => {
    await run("");
    await expect(run("console.error('no room'); process.exit(1)")).rejects.toThrow(/ended with 1: no room$/);
  });

  it("has ended when an interrupt is answered", async () => {
    const ending = new AbortController();
    const running = run("setInterval(() => {}, 1000)", ending.signal);
    ending.abort(new Error("changed my mind"));
    await expect(running).rejects.toThrow("changed my mind");
    await expect(run("", ending.signal)).rejects.toThrow("changed my mind");
  });
});
