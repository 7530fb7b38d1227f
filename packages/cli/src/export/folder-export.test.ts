import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { event, sharedStore } from "../../test/stores.ts";
import { folderOf } from "../../test/tracebook.ts";
import type { CliError } from "../cli-error.ts";
import { readExport } from "./export-command.ts";

const EVENTS = ["20", "21"].flatMap((day) =>
  [1, 2].map((second) =>
    event("decision", {
      timestamp: `2026-11-${day}T12:00:0${second}.000000Z`,
      data: { decision: "ACCEPT", reason_code: "edge_ok", net_edge: "0.10" },
    }),
  ),
);
const STORE = sharedStore(EVENTS);
const run = (args: readonly string[], options?: Parameters<typeof STORE.run>[2]) =>
  STORE.run(readExport, args, options);

function filesOf(dir: string): string[] {
  return readdirSync(dir, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.\w+$/.test(name))
    .sort();
}

describe("tracebook export --dir", () => {
  it("writes whole tables by the day, as Parquet, and the same command again does nothing twice", async () => {
    const dir = join(folderOf(), "warehouse");
    const args = ["--dir", dir, "--to", "2026-11-22"];
    const first = await run(args);
    expect(first).toMatchObject({ code: 0, stdout: "" });
    expect(first.stderr).toMatch(/8 rows in 4 files, .* written to /);
    expect(filesOf(dir)).toEqual([
      "manifest.json",
      "table=decisions/date=2026-11-20/part-00000.parquet",
      "table=decisions/date=2026-11-21/part-00000.parquet",
      "table=telemetry_events/date=2026-11-20/part-00000.parquet",
      "table=telemetry_events/date=2026-11-21/part-00000.parquet",
    ]);
    const again = await run(args);
    expect(again.stderr).toContain("0 rows in 0 files");
    expect(again.stderr).toContain("4 days of tables were there already, whole");
  });

  it("says of which days the database has other rows by now", async () => {
    const dir = folderOf();
    const args = ["--dir", dir, "--table", "decisions", "--to", "2026-11-22"];
    await run(args);
    const path = join(dir, "manifest.json");
    writeFileSync(path, readFileSync(path, "utf8").replace('"source_state": "2 ', '"source_state": "1 '));
    const { stderr } = await run(args);
    expect(stderr).toContain("decisions of 2026-11-20 is done anew: the database has other rows of that day by now");
    expect(stderr).not.toContain("2026-11-21 is done anew");
  });

  it("writes the tables, the range and the format that are named", async () => {
    const dir = folderOf();
    const { stderr } = await run(["--dir", dir, "--table", "decisions", "--format", "json", "--from", "2026-11-21"]);
    expect(stderr).toContain("the range is still growing");
    expect(filesOf(dir)).toEqual(["manifest.json", "table=decisions/date=2026-11-21/part-00000.ndjson"]);
    const [line] = readFileSync(join(dir, filesOf(dir)[1]!), "utf8").split("\n");
    expect(JSON.parse(line!)).toMatchObject({ event_id: 3, net_edge: "0.10" });
  });

  it("says that it was interrupted, and how it is gone on with", async () => {
    const { code, stderr } = await run(["--dir", folderOf()], { interruption: () => AbortSignal.abort("SIGINT") });
    expect(code).toBe(130);
    expect(stderr).toContain("the same command goes on from here");
  });

  it.each([
    [["--table", "decisions"], "--table is for exports into a folder"],
    [["--format", "parquet"], "--format parquet is for exports into a folder"],
    [["--dir", "x", "--table", "trace"], "Did you mean --table traces?"],
    [["--dir", "x", "--format", "parket"], "Did you mean --format parquet?"],
    [["--dir", "x", "-o", "y"], "--output is for an export into one file"],
    [["--dir", "x", "--symbol", "BTC/USDT"], "--symbol is for an export into one file"],
  ])("refuses %j", (args, message) => {
    expect(messageOf(() => readExport(args))).toContain(message);
  });
});

/** What is said, and what to do. */
function messageOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    const { message, hint = "" } = error as CliError;
    return `${message} ${hint}`;
  }
  return "";
}
