// What a spool takes over and what it leaves alone: dead processes, living ones, other people's files, and several that try at once.
import { execFileSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { startSpoolProcess } from "../../test/spool-process.ts";
import {
  bytesOnDisk,
  deadFolder,
  drainSpool,
  EVIDENCE,
  filesBelow,
  killOwners,
  LANES,
  LOGS,
  METRICS,
  NOON_EPOCH_MS,
  openSpool,
  requestOf,
  spoolFilesBelow,
  TRACES,
  testFolder,
} from "../../test/spools.ts";
import { formatSpoolName, parseSpoolName } from "./spool-name.ts";

const SILENT = new Date(Date.now() - 3_600_000);

/** A folder with one request of a process that is gone. */
async function leftBehind(text = "left", lane = TRACES): Promise<string> {
  const dir = testFolder();
  const { spool } = openSpool(dir);
  await spool.append(lane, requestOf(text, 2));
  await spool.close();
  return dir;
}

const folderIn = (dir: string): string => join(dir, readdirSync(dir)[0]!);

describe("a folder that is not a spool's", () => {
  it("stays as it is, however old and whatever it holds", async () => {
    const dir = testFolder();
    const files = ["src/index.ts", "4242-xyz/notes.txt", "12345-0a1b2c3d-old/owner.json", "README.md"];
    for (const file of files) {
      mkdirSync(join(dir, file, ".."), { recursive: true });
      writeFileSync(join(dir, file), "by a person");
      utimesSync(join(dir, file, ".."), SILENT, SILENT);
    }
    const { spool, problems } = openSpool(dir, { nowEpochMs: Date.now });
    await spool.adopt();
    await spool.append(TRACES, requestOf("one", 1, Date.now()));
    await drainSpool(spool, TRACES);
    await spool.close();
    expect(problems).toEqual([]);
    expect(filesBelow(dir)).toEqual(files.map((file) => join(dir, file)).sort());
  });

  it("is not entered by a link", async () => {
    const dir = testFolder();
    const elsewhere = await leftBehind();
    symlinkSync(folderIn(elsewhere), join(dir, "4242-0a1b2c3d"));
    const { spool, restored } = openSpool(dir);
    await spool.adopt();
    expect(restored).toEqual({});
    expect(spoolFilesBelow(elsewhere)).toHaveLength(1);
  });
});

describe("the folder of another spool", () => {
  it("of this process is left alone while it is open, and taken over when it is closed", async () => {
    const dir = testFolder();
    const first = openSpool(dir);
    const second = openSpool(dir);
    await first.spool.append(TRACES, requestOf("first"));
    await second.spool.append(TRACES, requestOf("second"));
    utimesSync(join(folderIn(dir), "owner.json"), SILENT, SILENT);
    await second.spool.adopt();
    expect(second.restored).toEqual({});
    await first.spool.append(TRACES, requestOf("first again"));
    expect(await drainSpool(first.spool, TRACES)).toEqual(["first", "first again"]);
    await first.spool.append(TRACES, requestOf("left"));
    await first.spool.close();
    await second.spool.adopt();
    expect((await drainSpool(second.spool, TRACES)).sort()).toEqual(["left", "second"]);
  });

  it("of a living process is left alone, even a silent one; when it is killed, all it wrote is taken over", async () => {
    const dir = testFolder();
    const writer = startSpoolProcess("write", dir, "30");
    await writer.said("written");
    utimesSync(join(folderIn(dir), "owner.json"), SILENT, SILENT);
    const { spool, restored } = openSpool(dir, { nowEpochMs: Date.now });
    await spool.adopt();
    expect(restored).toEqual({});
    await writer.kill();
    await spool.adopt();
    expect(restored).toEqual({ "traces-ordinary": 30 });
    expect(await drainSpool(spool, TRACES)).toEqual(Array.from({ length: 30 }, (_, i) => String(i)));
  });

  it("of a process whose id another one has now is taken over", async () => {
    const dir = await leftBehind();
    const { spool: own } = openSpool(dir);
    await own.append(TRACES, requestOf("own"));
    const [a, b] = readdirSync(dir).map((name) => join(dir, name, "owner.json"));
    const ours = [a!, b!].find((path) => JSON.parse(readFileSync(path, "utf8")).pid === process.pid)!;
    const claim = JSON.parse(readFileSync(ours, "utf8"));
    const theirs = ours === a ? b! : a!;
    const { spool, restored } = openSpool(dir);
    writeFileSync(theirs, JSON.stringify(claim));
    await spool.adopt();
    expect(restored).toEqual({});
    writeFileSync(theirs, JSON.stringify({ ...claim, start: `${claim.start}1` }));
    await spool.adopt();
    expect(restored).toEqual(claim.start === "" ? {} : { "traces-ordinary": 2 });
  });

  it.each([
    ["another machine's", JSON.stringify({ pid: 1, start: "1", place: "elsewhere" })],
    ["nobody's", "{}"],
    ["no JSON's", "4242"],
    ["an empty file's", ""],
    ["an unlikely id's", JSON.stringify({ pid: -1, start: "", place: "" })],
    ["a very long text's", " ".repeat(100_000)],
  ])("that is %s is taken over when it was silent for long", async (_, owner) => {
    const dir = await leftBehind();
    const path = join(folderIn(dir), "owner.json");
    writeFileSync(path, owner);
    const { spool, restored } = openSpool(dir, { nowEpochMs: Date.now, maxAgeMs: 1e12 });
    await spool.adopt();
    expect(restored).toEqual({});
    utimesSync(path, SILENT, SILENT);
    await spool.adopt();
    expect(restored).toEqual({ "traces-ordinary": 2 });
  });

  it("whose owner's file is a fifo, a folder or a link holds nobody up", async () => {
    const dir = testFolder();
    const one = deadFolder(dir, "1-00000001");
    const two = deadFolder(dir, "2-00000002");
    const three = deadFolder(dir, "3-00000003");
    for (const folder of [one, two, three]) execFileSync("rm", [join(folder, "owner.json")]);
    execFileSync("mkfifo", [join(one, "owner.json")]);
    mkdirSync(join(two, "owner.json"));
    symlinkSync("/dev/zero", join(three, "owner.json"));
    const { spool, problems } = openSpool(dir);
    await spool.adopt();
    expect(problems).toEqual([]);
  });
});

describe("files of a lane that nobody here sends", () => {
  it("are left to whoever does, until they are too old", async () => {
    const dir = await leftBehind("a log", LOGS);
    const takes = (lane: { signal: string }) => lane.signal === "traces";
    const options = { takes, nowEpochMs: Date.now, maxAgeMs: 7_200_000 };
    const { spool, restored } = openSpool(dir, options);
    await spool.adopt();
    expect([restored, spoolFilesBelow(dir).length]).toEqual([{}, 1]);
    const other = openSpool(dir);
    await other.spool.adopt();
    expect(await drainSpool(other.spool, LOGS)).toEqual(["a log"]);

    await other.spool.append(LOGS, requestOf("an old log"));
    await other.spool.close();
    const old = new Date(Date.now() - 10_000_000);
    utimesSync(spoolFilesBelow(dir)[0]!, old, old);
    await spool.adopt();
    expect(filesBelow(dir)).toEqual([]);
  });
});

describe("several processes that take over at once", () => {
  it("get each file once, and say nothing of the files that others were faster to get", async () => {
    const dir = testFolder();
    const all: string[] = [];
    for (let folder = 0; folder < 5; folder++) {
      const { spool } = openSpool(dir);
      for (let file = 0; file < 12; file++) {
        all.push(`${folder} ${file}`);
        spool.appendSync(TRACES, [requestOf(`${folder} ${file}`, 1, Date.now())], "back");
      }
      await spool.close();
    }
    const adopters = [1, 2, 3].map(() => startSpoolProcess("adopt", dir));
    await Promise.all(adopters.map((one) => one.said("ready")));
    for (const { process: child } of adopters) child.stdin.write("go\n");
    const reports = await Promise.all(
      adopters.map(async (one) => JSON.parse(await one.lastLine()) as { texts: string[]; problems: string[] }),
    );
    expect(reports.flatMap(({ texts }) => texts).sort()).toEqual(all.sort());
    expect(reports.flatMap(({ problems }) => problems)).toEqual([]);
    expect(filesBelow(dir)).toEqual([]);
  });
});

describe("what was taken over", () => {
  it("is bounded as well: of more than the bytes allowed the oldest goes, evidence last, counted", async () => {
    const dir = testFolder();
    const { spool: before } = openSpool(dir);
    for (let i = 0; i < 4; i++) {
      before.appendSync(TRACES, [requestOf(`${i}`.padEnd(40_000), 3, NOON_EPOCH_MS + i)], "back");
      before.appendSync(EVIDENCE, [requestOf(`${i}`.padEnd(40_000), 1, NOON_EPOCH_MS - i)], "back");
    }
    await before.close();
    const { spool, restored, dropped } = openSpool(dir, { maxBytes: 200_500 });
    await spool.adopt();
    expect(bytesOnDisk(dir)).toBeLessThanOrEqual(200_500);
    expect(restored).toEqual({ "traces-ordinary": 12, "logs-evidence": 4 });
    expect(dropped).toEqual({ "traces-ordinary spool_full": 9 });
    expect((await drainSpool(spool, TRACES)).map((text) => String(text).trim())).toEqual(["3"]);
  });

  it("is let go when it is too old, request by request", async () => {
    const dir = testFolder();
    const hour = 3_600_000;
    const { spool: before } = openSpool(dir, { maxAgeMs: 100 * hour });
    for (const age of [5, 3, 1]) await before.append(TRACES, requestOf(`${age} h`, age, NOON_EPOCH_MS - age * hour));
    await before.append(LOGS, requestOf("old", 7, NOON_EPOCH_MS - 9 * hour));
    await before.close();
    const { spool, dropped } = openSpool(dir, { maxAgeMs: 2 * hour });
    await spool.adopt();
    expect(await drainSpool(spool, TRACES)).toEqual(["1 h"]);
    expect(await drainSpool(spool, LOGS)).toEqual([]);
    expect(dropped).toEqual({ "traces-ordinary spool_age": 8, "logs-ordinary spool_age": 7 });
  });

  it("is let go while it waits and grows too old, without anybody asking for it", async () => {
    const dir = testFolder();
    let nowEpochMs = NOON_EPOCH_MS;
    const { spool, dropped } = openSpool(dir, { nowEpochMs: () => nowEpochMs, maxAgeMs: 1_000 });
    await spool.append(METRICS, requestOf("a point", 4));
    nowEpochMs += 1_001;
    await spool.adopt();
    expect([dropped, spoolFilesBelow(dir)]).toEqual([{ "metrics-ordinary spool_age": 4 }, []]);
  });
});

describe("files and folders", () => {
  it("are for their owner alone, and go when they hold nothing", async () => {
    const dir = join(testFolder(), "made", "when needed");
    const { spool } = openSpool(dir);
    for (const lane of LANES) await spool.append(lane, requestOf("one"));
    spool.appendSync(TRACES, [requestOf("two")], "back");
    expect(statSync(dir).mode & 0o777).toBe(0o700);
    expect(statSync(folderIn(dir)).mode & 0o777).toBe(0o700);
    for (const path of filesBelow(dir)) expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(filesBelow(dir)).toHaveLength(6);
    for (const lane of LANES) await drainSpool(spool, lane);
    await spool.close();
    expect(readdirSync(dir)).toEqual([]);
  });

  it("have names that are parsed as they are formatted, and sort by age", () => {
    const names = [0, 1, 999_999_999_999, NOON_EPOCH_MS, 1e300].map((born, i) =>
      formatSpoolName(EVIDENCE, born, i, "0a1b2c3d"),
    );
    for (const name of names) expect(parseSpoolName(name)).toEqual(EVIDENCE);
    expect([...names].sort()).toEqual(names);
    for (const name of ["owner.json", "traces-ordinary.spool", `../${names[0]}`, `${names[0]}~`])
      expect(parseSpoolName(name)).toBeUndefined();
  });

  it("of a copy that somebody made of a folder are delivered, too", async () => {
    const dir = await leftBehind();
    cpSync(folderIn(dir), join(dir, "7-7777abcd"), { recursive: true });
    killOwners(dir);
    const { spool } = openSpool(dir);
    await spool.adopt();
    expect(await drainSpool(spool, TRACES)).toEqual(["left", "left"]);
  });
});
