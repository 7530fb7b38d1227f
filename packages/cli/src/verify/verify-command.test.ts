import { join } from "node:path";
import { createManualClock } from "@tracebook/core";
import { createJournal } from "@tracebook/journal";
import { describe, expect, it } from "vitest";
import { atMs, decisions, EVENTS, REJECT, recordLine, TELEMETRY } from "../../test/journal-lines.ts";
import { folderOf, toLines, tracebook } from "../../test/tracebook.ts";

const dropped = (seq: number, first: number, last: number) =>
  recordLine({
    seq,
    event_type: "records_dropped",
    data: { first_seq: first, last_seq: last, count: last - first + 1, class: "market", reason: "queue_full" },
  });

describe("tracebook verify", () => {
  it("finds a journal clean that the recorder wrote", async () => {
    const dir = folderOf();
    const clock = createManualClock(Date.parse(atMs(0)) * 1000);
    const journal = createJournal({ dir, instanceId: "a-1", clock });
    const kind = {
      eventType: "decision",
      recordClass: "evidence",
      writeThrough: false,
      severityNumber: 9,
      stream: "events",
      toData: () => REJECT,
    } as const;
    const ids = { traced: true, trace0: 1, trace1: 2, trace2: 3, trace3: 4, span0: 5, span1: 6 };
    for (let seq = 1; seq <= 250; seq++) {
      const record = {
        kind,
        seq,
        timeMs: clock.nowMs(),
        runId: "r",
        payload: {},
        symbol: "BTC/USDT",
        strategy: "basis",
      };
      journal.accept({ ...record, ...ids }, false);
    }
    await journal.close();
    const { code, stdout, stderr } = await tracebook(["verify", dir]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/Edges checked: 250\n/);
    expect(stdout).toMatch(/^a-1 +1 +250 +250 +0 +0 +0 +0$/m);
    expect(stdout).toMatch(/^Verdict: CLEAN$/m);
  });

  it("counts what was declared as dropped, and is clean with it", async () => {
    const dir = folderOf({ [EVENTS]: [...decisions(1, 2), dropped(6, 3, 5), ...decisions(7)] });
    const { code, stdout } = await tracebook(["verify", dir]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^a-1 +1 +7 +4 +0 +3 +0 +0$/m);
    expect(stdout).toContain("Dropped: not there, and declared");
  });

  it("names gaps, duplicates, damage and wrong edges with their place", async () => {
    const wrong = recordLine({ seq: 9, data: { ...REJECT, net_edge: "1.21" } });
    const lines = [toLines(decisions(1, 2, 2, 5)), "not a record}\n", toLines([...decisions(6, 7, 8), wrong])];
    const dir = folderOf({ [EVENTS]: lines.join("") });
    const { code, stdout } = await tracebook(["verify"], { cwd: dir });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^a-1 +1 +9 +8 +2 +0 +1 +0$/m);
    expect(stdout).toContain("2 of the numbers 3 to 4 are missing");
    expect(stdout).toContain(`${EVENTS}:3: seq 2 of a-1: number 2 was there before`);
    expect(stdout).toContain(`${EVENTS}:5: 13 bytes are no record (not_json)`);
    expect(stdout).toContain(`${EVENTS}:9: seq 9 of a-1: net_edge: 1.21 is not gross_edge less costs, which is 1.20`);
    expect(stdout).toMatch(/^Verdict: NOT CLEAN \(4 problems\)$/m);
  });

  it("shows the first five of many wrong edges and counts the rest", async () => {
    const wrong = Array.from({ length: 12 }, (_, i) => recordLine({ seq: i + 1, data: { ...REJECT, net_edge: "9" } }));
    const { stdout } = await tracebook(["verify", folderOf({ [EVENTS]: wrong })]);
    expect(stdout).toMatch(/Wrong edges: +12\n/);
    expect(stdout.match(/is not gross_edge less costs/g)).toHaveLength(5);
    expect(stdout).toContain("and 7 more");
  });

  it("lists instances with faults first and no more than twenty", async () => {
    const lines = Array.from({ length: 30 }, (_, i) => recordLine({ seq: 1, instance_id: `i-${i}` }));
    lines.push(recordLine({ seq: 3, instance_id: "i-29" }));
    const { code, stdout } = await tracebook(["verify", folderOf({ [EVENTS]: lines })]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^Instance .*\ni-29 /m);
    expect(stdout).toContain("and 10 more; --json lists all");
  });

  it("gives the whole verdict as JSON", async () => {
    const wrong = recordLine({ seq: 4, data: { ...REJECT, net_edge: 1.2 } });
    const dir = folderOf({ [EVENTS]: [...decisions(1, 2), wrong] });
    const { code, stdout, stderr } = await tracebook(["verify", "--json"], { env: { TELEMETRY_DIR: dir } });
    expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
    expect(JSON.parse(stdout)).toMatchObject({
      clean: false,
      records: 3,
      edges_checked: 3,
      wrong_edges: 1,
      instances: { "a-1": { first_seq: 1, last_seq: 4, missing: 1, declared_dropped: 0 } },
      problem_counts: { gap: 1, wrong_edge: 1 },
      problems: [
        { code: "wrong_edge", instance_id: "a-1", seq: 4, file: join(dir, EVENTS), line: 3 },
        { code: "gap", seq: 3 },
      ],
    });
  });

  it("verifies one compressed file", async () => {
    const dir = folderOf({ "events.jsonl.gz": decisions(1, 2, 3) });
    expect((await tracebook(["verify", join(dir, "events.jsonl.gz")])).code).toBe(0);
  });

  it("is clean with a line that a crash cut, and says that it is there", async () => {
    const dir = folderOf({ [EVENTS]: `${toLines(decisions(1, 2))}{"seq":3,"instance_` });
    const { code, stdout } = await tracebook(["verify", dir]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/Torn lines: +1 .*cut off by a crash/);
  });

  it.each([
    ["is not there", () => "/nowhere/at/all", "is not there"],
    ["holds no journal", () => folderOf(), "holds no journal"],
    ["holds no record", () => folderOf({ [EVENTS]: "", [TELEMETRY]: "" }), "holds no record"],
  ])("exits with 2 when the folder %s: nothing is not clean", async (_, makeFolder, message) => {
    const { code, stdout, stderr } = await tracebook(["verify", makeFolder()]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(message);
  });

  it("lets no recorded escape sequence through, in text and in JSON", async () => {
    const evil = "\u001b]0;owned\u0007\u001b[2J\u009b31m\u202e";
    const line = recordLine({ seq: 1, instance_id: `i${evil}`, data: { ...REJECT, decision: evil, net_edge: evil } });
    const dir = folderOf({ [EVENTS]: [line] });
    const text = await tracebook(["verify", dir]);
    const json = await tracebook(["verify", "--json", dir]);
    expect([text.code, json.code]).toEqual([1, 1]);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there.
    expect(text.stdout + json.stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    expect(Object.keys(JSON.parse(json.stdout).instances)).toEqual([`i${evil}`]);
  });
});
