import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { pipelineLatencies } from "../../test/latencies.ts";
import { folderOf, shell, toLines, tracebook } from "../../test/tracebook.ts";

const golden = (name: string) => readFileSync(new URL(`../testdata/${name}`, import.meta.url), "utf8");
const line = (ms: number, more: object = {}) => ({ trace_id: "abc123", book_to_signal_ms: ms, ...more });
const at = (second: number) => ({ timestamp: `2025-01-31T12:34:${String(second).padStart(2, "0")}.500` });

describe("tracebook summarize: the figures", () => {
  it("prints the summary that the golden file promises", async () => {
    const dir = folderOf({ "logs/metrics.jsonl": pipelineLatencies() });
    const { code, stdout, stderr } = await tracebook(["summarize"], { cwd: dir });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toBe(golden("summary.txt"));
  });

  it("prints the CSV that the golden file promises", async () => {
    const dir = folderOf({ "logs/metrics.jsonl": pipelineLatencies() });
    const { code, stdout } = await tracebook(["summarize", "--csv", dir]);
    expect(code).toBe(0);
    expect(stdout).toBe(golden("summary.csv"));
  });

  it("prints JSON with durations as they are in the files", async () => {
    const dir = folderOf({ "logs/metrics.jsonl": [line(1.25, at(1)), line(0.000001, at(3)), line(3, at(2))] });
    const { stdout } = await tracebook(["summarize", "--json", dir]);
    expect(JSON.parse(stdout)).toMatchObject({
      total_events: 3,
      percentiles: "nearest_rank",
      first_timestamp: "2025-01-31T12:34:01.500000Z",
      last_timestamp: "2025-01-31T12:34:03.500000Z",
      stages: { book_to_signal_ms: { count: 3, min_ms: 0.000001, max_ms: 3, p50_ms: 1.25, p99_ms: 3 } },
    });
  });

  it("shows a stage in one unit, microseconds when its median is below 0.1 ms", async () => {
    const dir = folderOf({ "logs/metrics.jsonl": [line(0.00234), line(0.05), line(0.0712), line(2.5)] });
    const { stdout } = await tracebook(["summarize", dir]);
    expect(stdout).toMatch(/Min: +2\.34 µs/);
    expect(stdout).toMatch(/P50: +50\.00 µs/);
    expect(stdout).toMatch(/Max: +2500\.00 µs/);
    expect(stdout).not.toContain(" ms\n");
  });

  it("humanizes stages that it does not know and puts the total last", async () => {
    const dir = folderOf({ "logs/metrics.jsonl": [{ end_to_end_ms: 3, http_to_db_ms: 2, order_handled_ms: 1 }] });
    const { stdout } = await tracebook(["summarize", dir]);
    const headings = stdout.split("\n").filter((text) => /^[A-Z]/.test(text));
    expect(headings.slice(-3)).toEqual(["HTTP to DB", "Order Handled", "End-to-End Latency"]);
  });
});

describe("tracebook summarize: which lines count", () => {
  it("counts the window back from the newest timestamp, wherever in the files that is", async () => {
    const dir = folderOf({
      "logs/metrics.jsonl": [line(4, at(40)), line(1, at(10)), line(2, at(29)), line(3, at(30))],
    });
    const { stdout } = await tracebook(["summarize", "--window", "10", dir]);
    expect(stdout).toContain("Total events: 2\n");
    expect(stdout).toContain("the last 10 s, back from the newest timestamp in the files");
    expect(stdout).toContain("2025-01-31T12:34:30.500000Z to 2025-01-31T12:34:40.500000Z");
  });

  it("says how many lines have no timestamp when a window needs one", async () => {
    const dir = folderOf({ "logs/metrics.jsonl": [line(4, at(40)), line(1), line(2, { timestamp: "yesterday" })] });
    const { stdout, stderr } = await tracebook(["summarize", "--window=300", dir]);
    expect(stdout).toContain("Total events: 1\n");
    expect(stderr).toContain("2 lines have no timestamp");
  });

  it("takes one flow out of several, and says so when it mixes them", async () => {
    const dir = folderOf({ "logs/metrics.jsonl": [line(1, { flow: "tick" }), line(9, { flow: "scan" })] });
    const one = await tracebook(["summarize", "--flow", "scan", dir]);
    expect(one.stdout).toMatch(/Total events: 1\n[\s\S]*Min: +9\.00 ms/);
    expect(one.stderr).toBe("");
    const mixed = await tracebook(["summarize", dir]);
    expect(mixed.stdout).toContain("Total events: 2\n");
    expect(mixed.stderr).toContain("mix the flows tick (1), scan (1)");
  });

  it("skips damaged lines, counts them and says where the first is", async () => {
    const lines = [toLines([line(1)]), "no JSON at all\n", "[1,2]\n", "\n", toLines([line(3)]), '{"book_to_sig'];
    const dir = folderOf({ "logs/metrics.jsonl": lines.join("") });
    const { code, stdout, stderr } = await tracebook(["summarize"], { cwd: dir });
    expect(code).toBe(0);
    expect(stdout).toContain("Total events: 2\n");
    expect(stderr).toContain("3 damaged lines skipped");
    expect(stderr).toContain("logs/metrics.jsonl:2");
  });

  it("leaves out durations that cannot be, and values that are no numbers", async () => {
    const dir = folderOf({
      "logs/metrics.jsonl": [line(-1), line(1e300), line(2), { trace_id: "x", book_to_signal_ms: "5" }],
    });
    const { stdout, stderr } = await tracebook(["summarize", dir]);
    expect(stdout).toMatch(/Total events: 4\n[\s\S]*Count: +1\n/);
    expect(stderr).toContain("2 durations below 0 or above 31 years are left out");
  });

  it("keeps the first 64 stages when a file has thousands", async () => {
    const stages = Array.from({ length: 2_000 }, (_, index) => [`stage_${index}_ms`, index]);
    const dir = folderOf({ "logs/metrics.jsonl": [Object.fromEntries(stages)] });
    const { stdout, stderr } = await tracebook(["summarize", "--csv", dir]);
    expect(stdout.trimEnd().split("\n")).toHaveLength(65);
    expect(stderr).toContain("1936 durations of stages beyond the first 64");
  });
});

describe("tracebook summarize: which files count", () => {
  it("reads rotated and compressed parts and the files of further writers", async () => {
    const dir = folderOf({
      "logs/metrics.jsonl": [line(1)],
      "logs/metrics.b-2.jsonl": [line(2)],
      "logs/metrics.20250130.jsonl.gz": [line(3)],
      "logs/metrics.b-2.20250130.p1.jsonl.gz": [line(4)],
      "logs/metrics.jsonl.2025-01-29.gz": [line(5)],
      "logs/metrics.jsonl.1": [line(6)],
      "logs/telemetry.jsonl": [line(1000)],
      "logs/metrics.jsonl.tmp": [line(1000)],
    });
    const { stdout } = await tracebook(["summarize", dir]);
    expect(stdout).toMatch(/Total events: 6\n[\s\S]*Max: +6\.00 ms/);
  });

  it("counts a file once when a crash left it plain and compressed", async () => {
    const text = toLines([line(1), line(2)]);
    const dir = folderOf({ "logs/metrics.20250130.jsonl": text, "logs/metrics.20250130.jsonl.gz": text });
    expect((await tracebook(["summarize", dir])).stdout).toContain("Total events: 2\n");
  });

  it("takes DIR before TELEMETRY_DIR before the folder it runs in, and the folder of logs itself", async () => {
    const [here, there, given] = [1, 2, 3].map((ms) => folderOf({ "logs/metrics.jsonl": [line(ms)] })) as [
      string,
      string,
      string,
    ];
    const env = { TELEMETRY_DIR: there };
    expect((await tracebook(["summarize"], { cwd: here })).stdout).toContain("1.00 ms");
    expect((await tracebook(["summarize"], { cwd: here, env })).stdout).toContain("2.00 ms");
    expect((await tracebook(["summarize", given], { cwd: here, env })).stdout).toContain("3.00 ms");
    expect((await tracebook(["summarize", join(given, "logs")])).stdout).toContain("3.00 ms");
  });

  it("reads named files instead, each once, compressed or not", async () => {
    const dir = folderOf({ "a.jsonl": [line(1)], "b.log.gz": [line(2)], "logs/metrics.jsonl": [line(9)] });
    const args = ["summarize_metrics", "--file", "a.jsonl", "--file", "b.log.gz", "--file", "a.jsonl"];
    const { stdout } = await tracebook(args, { cwd: dir });
    expect(stdout).toMatch(/Total events: 2\n[\s\S]*Max: +2\.00 ms/);
  });

  it("reads what is whole of a compressed file that breaks off, and says so", async () => {
    const whole = gzipSync(toLines(Array.from({ length: 20_000 }, (_, index) => line(index))));
    const dir = folderOf();
    writeFileSync(join(dir, "metrics.jsonl.gz"), whole.subarray(0, whole.length / 2));
    const { code, stdout, stderr } = await tracebook(["summarize", dir]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/Total events: \d{4,}\n/);
    expect(stderr).toContain("the compressed file breaks off");
  });
});

describe("tracebook summarize: no answer", () => {
  it.each([
    ["there is no file", {}, [], "there is no metrics.jsonl in logs"],
    ["the file is empty", { "logs/metrics.jsonl": "" }, [], "no line with a stage in logs/metrics.jsonl"],
    ["no line has a stage", { "logs/metrics.jsonl": [{ trace_id: "a" }] }, [], "no line with a stage"],
    [
      "the flow is not there",
      { "logs/metrics.jsonl": [line(1, { flow: "tick" })] },
      ["--flow", "x"],
      "are there: tick (1)",
    ],
    ["no line has a time", { "logs/metrics.jsonl": [line(1)] }, ["--window", "5"], "Leave out --window"],
  ])("exits with 1 and says what to do when %s", async (_, files, args, message) => {
    const { code, stdout, stderr } = await tracebook(["summarize", ...args], { cwd: folderOf(files) });
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain("no latency data");
    expect(stderr).toContain(message);
  });

  it.each([
    [["--file", "nowhere.jsonl"], "nowhere.jsonl is not there"],
    [["--file", "."], ". is a folder"],
    [["nowhere"], "nowhere is not there"],
    [["--window", "0"], "it must be a number above 0"],
    [["--window", "abc"], '--window is "abc"'],
    [["--window=-5"], '--window is "-5"'],
    [["--csv", "--json"], "exclude each other"],
    [["--file", "x", "dir"], "exclude each other"],
    [["a", "b"], "one folder is enough"],
  ])("exits with 2 for %j", async (args, message) => {
    const { code, stdout, stderr } = await tracebook(["summarize", ...args], { cwd: folderOf() });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(message);
  });
});

describe("tracebook summarize: hostile content", () => {
  it("lets no escape sequence of a file or a name through", async () => {
    const evil = "\u001b[31mred\u0007\u009b2J\u202e";
    const dir = folderOf({ "logs/metrics.jsonl": [line(1, { flow: evil }), line(1, { flow: "tick" })] });
    renameSync(join(dir, "logs/metrics.jsonl"), join(dir, "\u001b[2Jm.jsonl"));
    writeFileSync(join(dir, "\u001b[2Jm.jsonl"), "x\n", { flag: "a" });
    for (const args of [[], ["--flow", evil], ["--flow", `${evil}!`], ["--json"]]) {
      const { stdout, stderr } = await tracebook(["summarize", ...args, "--file", "\u001b[2Jm.jsonl"], { cwd: dir });
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there.
      expect(stdout + stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    }
  });

  it("survives names that mean something to JavaScript and lines of many megabytes", async () => {
    const lines = ['{"__proto___ms":1,"constructor_ms":2,"trace_id":"a"}', '{"__proto__":{"x_ms":5},"trace_id":"b"}'];
    const dir = folderOf({ "logs/metrics.jsonl": [...lines, `{"y":"${"x".repeat(6_000_000)}"}`, ""].join("\n") });
    const { code, stdout, stderr } = await tracebook(["summarize", "--json", dir]);
    expect(code).toBe(0);
    expect(Object.keys(JSON.parse(stdout).stages)).toEqual(["__proto___ms", "constructor_ms"]);
    expect(stderr).toContain("1 too long");
  });

  it("puts nothing into CSV that a spreadsheet would run", async () => {
    const dir = folderOf({ "logs/metrics.jsonl": [{ "-2_ms": 1 }] });
    expect((await tracebook(["summarize", "--csv", dir])).stdout).toContain('\n"\'-2_ms",1,');
  });
});

describe("tracebook summarize: where the output goes", () => {
  it("is not disturbed when nobody reads any more", async () => {
    const stages = Array.from({ length: 60 }, (_, index) => [`stage_${index}_ms`, index]);
    const dir = folderOf({ "logs/metrics.jsonl": [Object.fromEntries(stages)] });
    const { stdout, stderr } = await shell("{ tracebook summarize; echo code $? >&2; } | head -n 1", dir);
    expect(stdout).toBe("Tracebook Latency Summary\n");
    expect(stderr).toBe("code 0\n");
  });

  it.runIf(process.platform === "linux")("fails when the output cannot be written", async () => {
    const dir = folderOf({ "logs/metrics.jsonl": [line(1)] });
    const { code, stderr } = await shell("tracebook summarize > /dev/full", dir);
    expect(code).toBe(2);
    expect(stderr).toContain("cannot be written: ENOSPC");
  });
});
