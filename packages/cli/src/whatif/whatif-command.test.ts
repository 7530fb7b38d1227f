import { judge } from "@tracebook/decisions";
import { describe, expect, it } from "vitest";
import { atMs, decisions, EVENTS, recordLine, TELEMETRY } from "../../test/journal-lines.ts";
import { runHere } from "../../test/run-here.ts";
import { event, storeOf } from "../../test/stores.ts";
import { folderOf, shell, toLines, tracebook } from "../../test/tracebook.ts";

/** What a verdict on an edge of hundredths leaves on the record; the gate needs 70. */
function recorded(index: number, unit = "bps"): object {
  const verdict = judge({
    edge: { unit, gross: (index / 100).toFixed(2), fees: "2.00", slippage: "0.60", minThreshold: "1.50" },
    gates: [{ name: "min_confluence", score: 60 + (index % 40), threshold: 70 }],
  });
  return { strategy: index % 2 === 0 ? "basis" : "trend", ...verdict.toJSON() };
}

const lines = (count: number, unit?: string) =>
  Array.from({ length: count }, (_, index) =>
    recordLine({ seq: index + 1, timestamp: atMs(index), symbol: `S${index % 3}`, data: recorded(index, unit) }),
  );
/** The answer as JSON. */
async function ask(args: readonly string[]) {
  const { code, stdout, stderr } = await runHere(["whatif", "--json", ...args]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return JSON.parse(stdout);
}

describe("tracebook whatif", () => {
  it("flips nothing of 10,000 decisions under the thresholds that they had", async () => {
    const dir = folderOf({ [EVENTS]: lines(10_000) });
    const answer = await ask(["--unit", "bps", "--threshold-by", "0", "--fees-times", "1", dir]);
    expect(answer).toMatchObject({ examined: 10_000, judged: 10_000, flips: { to_accept: 0, to_reject: 0 } });
    expect(answer.before).toEqual(answer.after);
    expect(answer.before.accepted).toBeGreaterThan(1_000);
    expect(answer.before.rejected).toBeGreaterThan(1_000);
  });

  it("finds by another threshold, cost and gate what judging anew finds", async () => {
    const dir = folderOf({ [EVENTS]: lines(1_000) });
    const answer = await ask([
      "--unit",
      "bps",
      "--min-threshold",
      "3.00",
      "--fees",
      "1.50",
      "--gate",
      "min_confluence=65",
      dir,
    ]);
    let [toAccept, toReject, sum] = [0, 0, 0];
    for (let index = 0; index < 1_000; index++) {
      // In whole hundredths: gross - 150 - 60 against 300.
      const [was, is] = [index - 260 >= 150 && 60 + (index % 40) >= 70, index - 210 >= 300 && 60 + (index % 40) >= 65];
      if (is && !was) [toAccept, sum] = [toAccept + 1, sum + index - 210];
      if (was && !is) toReject++;
    }
    expect(toAccept * toReject).toBeGreaterThan(0);
    expect(answer.flips).toEqual({ to_accept: toAccept, to_reject: toReject });
    expect(answer.net_edges[0]).toMatchObject({ edge_unit: "bps", new_accepts: (sum / 100).toFixed(2) });
  });

  it("says the same of a store as of the journal that it was filled from", async () => {
    const db = await storeOf(
      Array.from({ length: 600 }, (_, index) =>
        event("decision", { timestamp: atMs(index), symbol: `S${index % 3}`, data: recorded(index) }),
      ),
    );
    const change = ["--unit", "bps", "--threshold-by=-10%", "--gate", "min_confluence=-5%", "--show", "0"];
    const journal = await ask([...change, folderOf({ [EVENTS]: lines(600) })]);
    const store = await ask([...change, "--db", db]);
    expect(journal.flips.to_accept).toBeGreaterThan(0);
    expect({ ...store, source: "" }).toEqual({ ...journal, source: "" });
  });

  it("leaves other units alone and says how many there are, and what cannot be judged and why", async () => {
    const broken = recordLine({ seq: 900, data: { ...recorded(1), net_edge: "1,0" } });
    const dir = folderOf({ [EVENTS]: [...lines(4), broken], [TELEMETRY]: lines(3, "USD").map(withSeq(100)) });
    const { code, stdout } = await runHere(["whatif", "--unit", "bps", "--min-threshold", "1", dir]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Decisions: +8$/m);
    expect(stdout).toMatch(/^Judged again: +4$/m);
    expect(stdout).toMatch(/^Of other units: 3, left alone: USD 3$/m);
    expect(stdout).toMatch(/^Not judgeable: +1; the first: net_edge: "1,0" is not a decimal/m);
  });

  it("chooses by symbol, strategy and time, and shows as many flips as it is told", async () => {
    const dir = folderOf({ [EVENTS]: lines(600) });
    const change = ["--unit", "bps", "--min-threshold=-100"];
    const choice = ["--symbol", "S1", "--strategy", "trend", "--from", atMs(100), "--to", atMs(500)];
    const answer = await ask([...change, ...choice, "--show", "2", dir]);
    const chosen = Array.from({ length: 400 }, (_, index) => 100 + index).filter((i) => i % 3 === 1 && i % 2 === 1);
    expect(answer.examined).toBe(chosen.length);
    expect(answer.samples).toHaveLength(2);
    expect(answer.samples[0]).toMatchObject({
      timestamp: atMs(103),
      symbol: "S1",
      strategy: "trend",
      decision: "REJECT",
      new_decision: "ACCEPT",
      net_edge: "-1.57",
      new_min_threshold: "-100",
    });
  });

  it("prints what changed, sums and flips for people", async () => {
    const dir = folderOf({ [EVENTS]: decisions(1, 2, 3) });
    const { stdout } = await tracebook(["whatif", "--unit", "bps", "--threshold-by=-0.30"], { cwd: dir });
    expect(stdout).toMatch(/^What changes: +threshold -0.30 bps$/m);
    expect(stdout).toMatch(/^Accepted +0 +3 +3$/m);
    expect(stdout).toMatch(/^Rejected +3 +0 +0$/m);
    expect(stdout).toContain("Net edge of what would have been accepted: 3.60 bps\n");
    expect(stdout).toMatch(/^insufficient_edge +3 +0$/m);
    expect(stdout).toMatch(/BTC\/USDT +basis +insufficient_edge +accepted +1\.20 +1\.20 +0\.00 +bps$/m);
  });

  it.each([
    [["--min-threshold", "1"], "--unit is missing"],
    [["--unit", "bps"], "nothing changes"],
    [["--unit", "bps", "--min-threshold", "1", "--threshold-by", "1"], "exclude each other"],
    [["--unit", "bps", "--fees", "1", "--fees-times", "2"], "--fees and --fees-times exclude each other"],
    [["--unit", "bps", "--min-threshold", "1,0"], 'minThreshold: "1,0" is not a decimal'],
    [["--unit", "bps", "--threshold-by", "10%"], 'thresholdBy: "10%" is not a decimal'],
    [["--unit", "bps", "--threshold-by", "-0.1"], "--threshold-by=-0.1"],
    [["--gate", "min_confluence"], '--gate is "min_confluence"; it must be NAME=THRESHOLD'],
    [["--gate", "a=1", "--gate", "a=2"], "--gate names the same gate twice"],
    [["--gate", "a=x"], "gates.a"],
    [["--gate", "a=1", "--show", "-1"], "--show needs a value"],
    [["--gate", "a=1", "--show", "10001"], "it must be a whole number from 0 to 10000"],
    [["--gate", "a=1", "--from", "soon"], '--from is "soon"'],
    [["--gate", "a=1", "--db", "x.db", "dir"], "--db and DIR exclude each other"],
    [["--gate", "a=1", "nowhere"], "nowhere is not there"],
  ])("exits with 2 for %j", async (args, message) => {
    const { code, stdout, stderr } = await runHere(["whatif", ...args]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(message);
  });

  it.each([
    ["there is no journal", {}, "data/events/YYYYMMDD/events.jsonl"],
    ["no record is a decision", { [EVENTS]: [recordLine({ seq: 1, event_type: "signal" })] }, "holds no decision"],
  ])("exits with 1 when %s", async (_, files, message) => {
    const { code, stdout, stderr } = await runHere(["whatif", "--gate", "a=1", folderOf(files)]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain(message);
  });

  it("skips damaged lines and says so", async () => {
    const dir = folderOf({ [EVENTS]: `${toLines(decisions(1))}garbage\n${toLines(decisions(2))}` });
    const { stdout, stderr } = await runHere(["whatif", "--unit", "bps", "--threshold-by", "0", dir]);
    expect(stdout).toMatch(/^Decisions: +2$/m);
    expect(stderr).toContain("1 damaged line skipped");
  });

  it("is not disturbed when nobody reads any more", async () => {
    const dir = folderOf({ [EVENTS]: lines(400) });
    const { stdout, stderr } = await shell(
      "{ tracebook whatif --gate min_confluence=0 --show 1000; echo code $? >&2; } | head -n 1",
      dir,
    );
    expect(stdout).toBe("Tracebook What-If: .\n");
    expect(stderr).toBe("code 0\n");
  });

  it("lets nothing recorded act on the terminal, and survives records that hold anything", async () => {
    const evil = "\u001b[31m\u202e\n";
    const gates = [{ gate_name: evil, passed: false, score: "1", threshold: "2", reason_code: evil }];
    const data = { strategy: evil, decision: "REJECT", reason_code: evil, gates };
    const odd = [{ decision: 5 }, { decision: "ACCEPT", reason_code: {} }, { decision: "REJECT", gates: { a: 1 } }, {}];
    const dir = folderOf({
      [EVENTS]: [data, ...odd].map((one, index) => recordLine({ seq: index + 1, symbol: evil, data: one })),
    });
    for (const args of [[], ["--json"]]) {
      const { code, stdout, stderr } = await runHere(["whatif", `--gate=${evil}=0`, ...args, dir]);
      expect(code).toBe(0);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there.
      expect(stdout + stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
      expect(stdout).toMatch(/Decisions: +5|"examined": 5/);
    }
  });
});

function withSeq(first: number): (line: object, index: number) => object {
  return (line, index) => ({ ...line, seq: first + index });
}
