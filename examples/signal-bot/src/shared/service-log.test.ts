import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createServiceLog, parseLogLevel } from "./service-log.ts";

describe("the log of a process", () => {
  it.each([
    [undefined, "info"],
    ["", "info"],
    [" ", "info"],
    ["WARN", "warn"],
    ["silent", "silent"],
  ])("has for LOG_LEVEL=%j the level %s", (given, level) => expect(parseLogLevel(given)).toBe(level));

  it("names the levels there are when it is asked for another", () => {
    expect(() => createServiceLog("backend", { LOG_LEVEL: "loud" })).toThrow(/^LOG_LEVEL loud: give one of .*info/);
  });

  it("has in its file what its level asks for, below INFO as well", async () => {
    const folder = mkdtempSync(join(tmpdir(), "service-log-"));
    const file = join(folder, "logs", "backend.log");
    const log = createServiceLog("backend", { LOG_LEVEL: "debug", SIGNAL_BOT_LOG_FILE: file });
    log.debug("in detail");
    log.trace("too much");
    await new Promise<void>((resolve) => log.flush(() => resolve()));
    const read = (): string => {
      try {
        return readFileSync(file, "utf8");
      } catch {
        return "";
      }
    };
    while (!read().includes("\n")) await new Promise((resolve) => setImmediate(resolve));
    expect(read()).toContain("in detail");
    expect(read()).not.toContain("too much");
    rmSync(folder, { recursive: true, force: true });
  });
});
