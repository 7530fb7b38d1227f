import { mkdirSync, readFileSync, statSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { testFolder } from "../../../test/test-database.ts";
import { freeBytes, makeReserve, releaseReserve, reservePath } from "./reserve-file.ts";

const SIZE = 3 * 1_048_576 + 17;
const databasePath = (): string => join(testFolder(), "telemetry.db");

describe("the reserve", () => {
  it("takes up the room that it is to take up, for its owner only", () => {
    const path = databasePath();
    expect(makeReserve(path, SIZE)).toBe("ready");
    const { size, blocks, mode } = statSync(reservePath(path));
    expect(size).toBe(SIZE);
    // A file with holes has fewer blocks.
    expect(blocks * 512).toBeGreaterThanOrEqual(SIZE);
    expect(mode & 0o777).toBe(0o600);
  });

  it("is made once, and completed where a part of it is missing", () => {
    const path = databasePath();
    makeReserve(path, SIZE);
    const { mtimeMs } = statSync(reservePath(path));
    expect(makeReserve(path, SIZE)).toBe("ready");
    expect(statSync(reservePath(path)).mtimeMs).toBe(mtimeMs);
    truncateSync(reservePath(path), 1_000);
    expect(makeReserve(path, SIZE)).toBe("ready");
    expect(statSync(reservePath(path)).size).toBe(SIZE);
  });

  it("gives its room back, and there may be none", () => {
    const path = databasePath();
    expect(releaseReserve(path)).toBe(0);
    makeReserve(path, SIZE);
    expect(releaseReserve(path)).toBe(SIZE);
    expect(releaseReserve(path)).toBe(0);
  });

  it("is not made where it would fill the disk", () => {
    const path = databasePath();
    expect(makeReserve(path, freeBytes(path))).toBe("no_room");
    expect(releaseReserve(path)).toBe(0);
  });

  it("neither follows a link nor touches a folder in its place, and its absence is no error", () => {
    const path = databasePath();
    const other = join(path, "..", "other");
    writeFileSync(other, "somebody else's");
    symlinkSync(other, reservePath(path));
    expect(makeReserve(path, SIZE)).toBe("unavailable");
    expect(releaseReserve(path)).toBe(0);
    expect(readFileSync(other, "utf8")).toBe("somebody else's");
    const second = databasePath();
    mkdirSync(reservePath(second));
    expect(makeReserve(second, SIZE)).toBe("unavailable");
    expect(releaseReserve(second)).toBe(0);
    expect(makeReserve("/no/such/folder/telemetry.db", SIZE)).toBe("unavailable");
  });

  it("of a disk that does not say how much is free has room for all that is known", () => {
    expect(freeBytes("/no/such/folder/telemetry.db")).toBe(Number.POSITIVE_INFINITY);
  });
});
