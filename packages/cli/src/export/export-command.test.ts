import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { type RunOptions, runHere } from "../../test/run-here.ts";
import { event, sharedStore } from "../../test/stores.ts";
import { folderOf, shell, tracebook } from "../../test/tracebook.ts";
import { readExport } from "./export-command.ts";

const at = (second: number) => `2026-11-20T12:00:${String(second).padStart(2, "0")}.000000Z`;
const EVENTS = [
  event("scan_started", { timestamp: at(1), data: { symbols: ["BTC/USDT"] } }),
  event("signal_rejected", { timestamp: at(2), symbol: "ETH/USDT", runId: "run-2", data: { reason: "=1+1, said he" } }),
  event("scan_completed", { timestamp: at(3) }),
];

const STORE = sharedStore(EVENTS);
const run = (args: readonly string[], options?: RunOptions) => STORE.run(readExport, args, options);

const idsOf = (ndjson: string) =>
  ndjson
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line).id);

describe("tracebook export", () => {
  it("writes an array of JSON, oldest first, unless another format is named", async () => {
    const { code, stdout, stderr } = await tracebook(["export", "--db", STORE.path]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const events = JSON.parse(stdout);
    expect(events.map(({ event_type }: { event_type: string }) => event_type)).toEqual([
      "scan_started",
      "signal_rejected",
      "scan_completed",
    ]);
    expect(events[1]).toMatchObject({ symbol: "ETH/USDT", run_id: "run-2", data: { reason: "=1+1, said he" } });
  });

  it("writes CSV with the columns event_type, timestamp, symbol, data", async () => {
    const { stdout } = await run(["--format", "csv"]);
    const [head, , second] = stdout.split("\r\n");
    expect(head).toBe("event_type,timestamp,symbol,data");
    expect(second).toBe(`signal_rejected,${at(2)},ETH/USDT,"{""reason"":""=1+1, said he""}"`);
  });

  it.each([
    [["--type", "signal_rejected"], [2]],
    [
      ["--symbol", "BTC/USDT"],
      [1, 3],
    ],
    [["--run", "run-2"], [2]],
    [
      ["--from", "2026-11-20T13:00:02+01:00"],
      [2, 3],
    ],
    [["--to", at(2)], [1]],
    [["--from", "1h"], []],
  ])("writes only what %j chooses", async (args, ids) => {
    const { code, stdout } = await run(["--format", "ndjson", ...args]);
    expect(code).toBe(0);
    expect(idsOf(stdout)).toEqual(ids);
  });

  const MANY = sharedStore(
    Array.from({ length: 20_000 }, (_, index) => event("tick", { data: { index, text: "ü".repeat(20) } })),
  );

  it("streams: 20,000 events come as they were written, in many pieces", async () => {
    let pieces = 0;
    const count = () => {
      pieces++;
      return false;
    };
    const { stdout } = await MANY.run(readExport, ["--format", "ndjson"], { isEnough: count });
    expect(idsOf(stdout)).toEqual(Array.from({ length: 20_000 }, (_, index) => index + 1));
    expect(stdout).not.toContain("\ufffd");
    expect(pieces).toBeGreaterThan(20);
  });

  it("stops when nobody reads any more, which is no error", async () => {
    const { stdout, stderr } = await shell(
      `{ tracebook export --format ndjson --db '${MANY.path}'; echo code $? >&2; } | head -n 2`,
      dirname(MANY.path),
    );
    expect(stdout.split("\n")).toHaveLength(3);
    expect(stderr).toBe("code 0\n");
  });

  const evil = "a\u009b31m\u202eb";
  const EVIL = sharedStore([event(evil, { data: { text: evil } })]);

  it("lets nothing act on a terminal, and loses nothing elsewhere", async () => {
    const terminal = await EVIL.run(readExport, ["--format", "csv"], { isTTY: true });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there.
    expect(terminal.stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    expect(terminal.stdout).toContain("event_type,timestamp");
    expect((await EVIL.run(readExport, ["--format", "csv"])).stdout).toContain(evil);
  });
});

describe("tracebook export -o", () => {
  it.each([
    ["events.csv", "event_type,"],
    ["events.NDJSON", '{"id":1'],
    ["events.jsonl", '{"id":1'],
    ["events.json", "[\n"],
    ["events", "[\n"],
  ])("chooses the format by the name: %s", async (name, start) => {
    const file = join(folderOf(), name);
    const { code, stdout, stderr } = await run(["-o", file]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
    expect(stderr).toMatch(/^tracebook: \d+ bytes written to /);
    expect(readFileSync(file, "utf8").startsWith(start)).toBe(true);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it("replaces no file unless it is told to, and then the whole of it", async () => {
    const dir = folderOf({ "events.csv": "mine" });
    const args = ["--output", join(dir, "events.csv")];
    await expect(run(args)).rejects.toThrow("is there already");
    expect(readFileSync(join(dir, "events.csv"), "utf8")).toBe("mine");
    expect((await run([...args, "--force"])).code).toBe(0);
    expect(readFileSync(join(dir, "events.csv"), "utf8")).toMatch(/^event_type,/);
    expect(readdirSync(dir)).toEqual(["events.csv"]);
  });

  it("replaces what a link leads to, not the link", async () => {
    const dir = folderOf({ "real.csv": "old" });
    symlinkSync("real.csv", join(dir, "link.csv"));
    await run(["-o", join(dir, "link.csv"), "--force"]);
    expect(readFileSync(join(dir, "real.csv"), "utf8")).toMatch(/^event_type,/);
  });

  it("never writes over the database or what belongs to it", async () => {
    const db = STORE.path;
    symlinkSync(db, join(dirname(db), "link.db"));
    for (const file of [db, `${db}-wal`, `${db}.reserve`, join(dirname(db), "link.db")])
      await expect(run(["-o", file, "--force"])).rejects.toThrow("belongs to the database itself");
    expect((await run(["--format", "ndjson"])).stdout).toContain("scan_started");
  });

  it("leaves no half file behind when it is interrupted", async () => {
    const dir = folderOf();
    const interruption = () => AbortSignal.abort("SIGINT");
    const { code, stderr } = await run(["-o", join(dir, "events.json")], { interruption });
    expect(code).toBe(130);
    expect(stderr).toContain("was not written");
    expect(readdirSync(dir)).toEqual([]);
  });

  it.runIf(process.platform === "linux")("writes into what is no file as it is, and says when it cannot", async () => {
    expect((await run(["-o", "/dev/null"])).code).toBe(0);
    await expect(run(["-o", "/dev/full"])).rejects.toThrow("ENOSPC");
    expect(existsSync("/dev/full")).toBe(true);
  });

  it.each([
    [["--format", "cvs"], "Did you mean --format csv?"],
    [["--format", "xml"], "it must be csv, json or ndjson"],
    [["events.csv"], '"events.csv" is no option'],
    [["--from", "x"], '--from is "x"'],
    [["-x"], "there is no option -x"],
    [["-o"], "-o needs a value: -o FILE"],
    [["--o", "x"], "there is no option --o"],
    [["-o", "a", "--output", "b"], "--output is given twice"],
  ])("exits with 2 for %j", async (args, message) => {
    const { code, stdout, stderr } = await runHere(["export", ...args]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(message);
  });

  it("refuses a folder, and one that is not there", async () => {
    const dir = folderOf();
    mkdirSync(join(dir, "there"));
    writeFileSync(join(dir, "file"), "");
    await expect(run(["-o", join(dir, "there")])).rejects.toThrow("is a folder");
    await expect(run(["-o", join(dir, "no/where.csv")])).rejects.toThrow("ENOENT");
    const nowhere = await runHere(["export", "-o", join(dir, "no/where.csv"), "--db", STORE.path]);
    expect(nowhere.code).toBe(2);
    expect(nowhere.stderr).toContain("no such file or directory");
  });
});
