import type { ChildProcess } from "node:child_process";
import { describe, expect, it } from "vitest";
import { atMs, decisions, EVENTS, recordLine, TELEMETRY, TRACE } from "../../test/journal-lines.ts";
import { finished, folderOf, shell, startTracebook, toLines, tracebook } from "../../test/tracebook.ts";

const OTHER_TRACE = "11111111222233334444555555555555";
const session = {
  [EVENTS]: [
    recordLine({ seq: 1, event_type: "signal", data: { strategy: "basis", expected_profit: "1.50" } }),
    recordLine({ seq: 3 }),
    recordLine({
      seq: 4,
      event_type: "order_request",
      data: { side: "buy", quantity: "0.05", client_order_id: "c-1" },
    }),
    recordLine({ seq: 5, symbol: "ETH/USDT", run_id: "run-2", trace_id: OTHER_TRACE }),
  ],
  [TELEMETRY]: [recordLine({ seq: 2, event_type: "risk_passed", data: { symbol: "BTC/USDT", checks: 3 } })],
};

const seqsOf = (stdout: string): number[] =>
  stdout
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line).seq);

/** Resolves when the process has said so much. */
function hasPrinted(child: ChildProcess, count: number): Promise<void> {
  let lines = 0;
  return new Promise((resolve) => {
    child.stdout!.on("data", (piece: string) => {
      lines += String(piece).split("\n").length - 1;
      if (lines >= count) resolve();
    });
  });
}

describe("tracebook replay", () => {
  it("prints a line for each record, in the order of seq across files", async () => {
    const { code, stdout, stderr } = await tracebook(["replay", folderOf(session)]);
    expect(code).toBe(0);
    const rest = `BTC/USDT    `;
    expect(stdout.split("\n")).toEqual([
      `${atMs(1000)}  signal                ${rest}strategy=basis expected_profit=1.50  trace=${TRACE}`,
      `${atMs(2000)}  risk_passed           ${rest}checks=3  trace=${TRACE}`,
      `${atMs(3000)}  decision              ${rest}decision=REJECT reason_code=insufficient_edge net_edge=1.20 ` +
        `min_threshold=1.50 edge_unit=bps strategy=basis  trace=${TRACE}`,
      `${atMs(4000)}  order_request         ${rest}side=buy quantity=0.05 client_order_id=c-1  trace=${TRACE}`,
      expect.stringMatching(/ decision +ETH\/USDT .* trace=1{8}2{4}3{4}4{4}5{12}$/),
      "",
    ]);
    expect(stderr).toContain(`5 of 5 records, ${atMs(1000)} to ${atMs(5000)} (recorded in 4.000 s), played in `);
  });

  it.each<[string[], number[]]>([
    [
      ["--type", "decision"],
      [3, 5],
    ],
    [
      ["--type", "signal", "--type", "risk_passed,order_request"],
      [1, 2, 4],
    ],
    [["--symbol", "ETH/USDT"], [5]],
    [["--run", "run-1", "--type", "decision"], [3]],
    [["--trace", OTHER_TRACE.toUpperCase()], [5]],
    [["--trace", "11111111-2222-3333-4444-555555555555"], [5]],
    [
      ["--from", "2026-11-20T12:00:03Z"],
      [3, 4, 5],
    ],
    [
      ["--from", "2026-11-20T13:00:02+01:00", "--to", "2026-11-20 12:00:04"],
      [2, 3],
    ],
    [["--to", "2026-11-20"], []],
  ])("plays only what %j chooses", async (args, seqs) => {
    const { code, stdout, stderr } = await tracebook(["replay", "--json", ...args, folderOf(session)]);
    expect(code).toBe(0);
    expect(seqsOf(stdout)).toEqual(seqs);
    expect(stderr).toContain(`${seqs.length} of 5 records`);
  });

  it("prints the records themselves as JSON lines", async () => {
    const { stdout } = await tracebook(["replay", "--json", folderOf(session)]);
    expect(stdout).toBe(toLines([session[EVENTS]![0]!, session[TELEMETRY]![0]!, ...session[EVENTS]!.slice(1)]));
  });

  it("keeps the recorded pace, so many times as fast", async () => {
    // A second apart at a thousandth of the speed: the second record is not due for a quarter of an hour.
    const child = startTracebook(["replay", "--speed", "0.001", folderOf({ [EVENTS]: decisions(1, 2) })]);
    const end = finished(child);
    await hasPrinted(child, 1);
    child.kill("SIGINT");
    const slow = await end;
    expect(slow.stdout.match(/decision=/g)).toHaveLength(1);
    const fast = await tracebook(["replay", "--speed", "1000x", folderOf({ [EVENTS]: decisions(1, 2) })]);
    expect(fast.stdout.match(/decision=/g)).toHaveLength(2);
  });

  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("ends cleanly on %s in the middle of a wait", async (signal, exitCode) => {
    const child = startTracebook(["replay", "--speed", "1", folderOf({ [EVENTS]: decisions(1, 3_000) })]);
    const end = finished(child);
    await hasPrinted(child, 1);
    child.kill(signal);
    const { code, stderr } = await end;
    expect(code).toBe(exitCode);
    expect(stderr).toMatch(/^tracebook: 1 of \d records?, .*, interrupted\n$/);
  });

  it("stops when nobody reads any more, which is no error", async () => {
    const lines = Array.from({ length: 30_000 }, (_, index) => recordLine({ seq: index + 1, timestamp: atMs(0) }));
    const dir = folderOf({ [EVENTS]: lines });
    const { stdout, stderr } = await shell("{ tracebook replay; echo code $? >&2; } | head -n 2", dir);
    expect(stdout.split("\n")).toHaveLength(3);
    expect(stderr).toBe("code 0\n");
  });

  it("skips damaged lines and says where they are", async () => {
    const dir = folderOf({ [EVENTS]: `${toLines(decisions(1))}garbage\n${toLines(decisions(2))}` });
    const { code, stdout, stderr } = await tracebook(["replay"], { cwd: dir });
    expect(code).toBe(0);
    expect(stdout.match(/decision=/g)).toHaveLength(2);
    expect(stderr).toContain(`1 damaged line skipped (1 no JSON); the first is ${EVENTS}:2`);
  });

  it("shows the best prices of an order book and the reason of a decision that has no edge", async () => {
    const book = { bids: [{ price: "0.50", size: "10" }], asks: [{ price: "0.51", size: "7" }, {}], token_id: "abc" };
    const gate = { decision: "REJECT", reason_code: "gate_failed", reason: "score 60 is below 70" };
    const dir = folderOf({
      [EVENTS]: [
        recordLine({ seq: 1, event_type: "orderbook_snapshot", data: book }),
        recordLine({ seq: 2, data: gate }),
      ],
    });
    const { stdout } = await tracebook(["replay", dir]);
    expect(stdout).toContain("token_id=abc bid=0.50x10 bids=1 ask=0.51x7 asks=2");
    expect(stdout).toContain('decision=REJECT reason_code=gate_failed reason="score 60 is below 70"');
  });

  it("lets nothing recorded act on the terminal, and loses nothing of it in JSON", async () => {
    const evil = "a\u001b[31mb\u001b]8;;http://x\u0007c\u009b2Jd\r\ne\u202ef\u0000g\ud800h";
    const data = { [evil]: evil, note: "plain" };
    const dir = folderOf({
      [EVENTS]: [recordLine({ seq: 1, event_type: evil, symbol: evil, trace_id: evil, run_id: evil, data })],
    });
    const text = await tracebook(["replay", dir]);
    const json = await tracebook(["replay", "--json", dir]);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there.
    const acting = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/;
    expect(text.stdout + text.stderr).not.toMatch(acting);
    expect(text.stdout.split("\n")).toHaveLength(2);
    expect(text.stdout).toContain("abcd e\ufffdf\ufffdg\ufffdh");
    expect(json.stdout).not.toMatch(acting);
    expect(JSON.parse(json.stdout).data).toEqual(data);
  });

  it("plays on after data that is nested too deeply to be printed", async () => {
    const deep = `${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`;
    const line = toLines([recordLine({ seq: 2, data: {} })]).replace('"data":{}', `"data":${deep}`);
    const dir = folderOf({ [EVENTS]: toLines(decisions(1)) + line + toLines(decisions(3)) });
    const json = await tracebook(["replay", "--json", dir]);
    expect(seqsOf(json.stdout)).toEqual([1, 2, 3]);
    expect((await tracebook(["replay", dir])).stdout.split("\n")).toHaveLength(4);
  });

  it.each([
    [["--speed", "0"], '--speed is "0"'],
    [["--speed", "fast"], '--speed is "fast"'],
    [["--from", "2026-02-30"], '--from is "2026-02-30"'],
    [["--trace", "abc"], "a trace id is 32 hex digits or a UUID"],
    [["--from", "2026-11-21", "--to", "2026-11-20"], "--from is not before --to"],
    [["nowhere"], "nowhere is not there"],
  ])("exits with 2 for %j", async (args, message) => {
    const { code, stderr } = await tracebook(["replay", ...args], { cwd: folderOf() });
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });

  it("exits with 1 and says where a journal lies when there is none", async () => {
    const { code, stdout, stderr } = await tracebook(["replay"], { cwd: folderOf() });
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain("data/events/YYYYMMDD/events.jsonl");
  });
});
