import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { findProgram, freePort, isListening, startServerProgram } from "./server-program.ts";

const cwd = mkdtempSync(join(tmpdir(), "server-program-"));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));
const LISTEN = "require('net').createServer().listen(Number(process.argv[1]), '127.0.0.1')";

describe("a server of the run's own", () => {
  it("is ready when it answers, and gone when it is stopped", async () => {
    const port = await freePort();
    const isReady = () => isListening(port);
    const command = process.execPath;
    const program = await startServerProgram({
      command,
      args: ["-e", LISTEN, String(port)],
      cwd,
      endSignal: "TERM",
      isReady,
    });
    expect(await isListening(port)).toBe(true);
    await program.stop();
    expect(await isListening(port)).toBe(false);
  });

  it("is found on PATH or where packages put it, or nowhere", () => {
    expect(findProgram("sh")).toMatch(/\/sh$/);
    expect(findProgram("no-such-program-anywhere", ["/usr/*/bin"])).toBeUndefined();
  });
});
