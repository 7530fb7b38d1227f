import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { folderOf, tracebook } from "../test/tracebook.ts";
import { type CliIo, runCli } from "./index.ts";

const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));

/** Surroundings that keep what is said. */
function recordingIo(isTTY: boolean, env: Record<string, string> = {}) {
  const said = { stdout: "", stderr: "" };
  const output = (name: keyof typeof said) => ({
    isTTY,
    write(text: string) {
      said[name] += text;
      return undefined;
    },
  });
  const io: CliIo = { stdout: output("stdout"), stderr: output("stderr"), env };
  return { io, said };
}

describe("tracebook", () => {
  it("says its version", async () => {
    expect(await tracebook(["--version"])).toMatchObject({ code: 0, stdout: `${version}\n`, stderr: "" });
  });

  it.each([[["help"]], [["--help"]], [["-h"]], [["help", "help"]]])("lists its commands for %j", async (args) => {
    const { code, stdout, stderr } = await tracebook(args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    for (const name of ["summarize", "verify", "replay", "whatif", "query", "export", "cleanup", "doctor", "help"])
      expect(stdout).toMatch(new RegExp(`^  ${name} `, "m"));
  });

  it("shows the same list on stderr and fails when it is given no command", async () => {
    const { code, stdout, stderr } = await tracebook([]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain("Usage: tracebook COMMAND");
  });

  it.each([
    [["help", "verify"], "Usage: tracebook verify"],
    [["replay", "--help"], "--trace TRACE_ID"],
    [["doctor", "--help"], "--no-send"],
    [["help", "summarize_metrics"], "Also:  summarize_metrics"],
    [["summarize", "nowhere", "-h"], "--window SECONDS"],
  ])("explains a command for %j", async (args, text) => {
    const { code, stdout } = await tracebook(args);
    expect(code).toBe(0);
    expect(stdout).toContain(text);
  });

  it.each([
    [["sumarize"], 'Did you mean "summarize"?'],
    [["verfy", "dir"], 'Did you mean "verify"?'],
    [["docter"], 'Did you mean "doctor"?'],
    [["help", "relpay"], 'Did you mean "replay"?'],
    [["dashboard"], "Try: tracebook help"],
    [["--json", "verify"], "--json comes before any command"],
    [["verify", "--jsn"], "Did you mean --json?"],
    [["verify", "-j"], "there is no option -j"],
    [["verify", "--json=yes"], "--json takes no value"],
    [["summarize", "--window"], "--window needs a value: --window SECONDS"],
    [["summarize", "--window", "--csv"], "--csv looks like the next option"],
    [["summarize", "--window", "1", "--window", "2"], "--window is given twice"],
    [["\u001b[2Jx\u0007"], 'there is no command "x\ufffd"'],
  ])("answers %j with a hint and exit code 2", async (args, hint) => {
    const { code, stdout, stderr } = await tracebook(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(hint);
    expect(stderr).not.toContain("\u001b");
  });

  it("says so when TELEMETRY_DIR is empty, and uses the folder it runs in", async () => {
    const dir = folderOf({ "logs/metrics.jsonl": [{ x_ms: 1 }] });
    const { code, stderr } = await tracebook(["summarize"], { cwd: dir, env: { TELEMETRY_DIR: "" } });
    expect(code).toBe(0);
    expect(stderr).toContain('TELEMETRY_DIR is no folder name; "." is used');
  });
});

describe("runCli", () => {
  it.each([
    ["a terminal", true, {}, true],
    ["a terminal with NO_COLOR", true, { NO_COLOR: "1" }, false],
    ["a terminal with an empty NO_COLOR", true, { NO_COLOR: "" }, true],
    ["a dumb terminal", true, { TERM: "dumb" }, false],
    ["a file", false, {}, false],
  ])("uses colours as it should on %s", async (_, isTTY, env, hasColours) => {
    const { io, said } = recordingIo(isTTY, env);
    expect(await runCli(["help"], io)).toBe(0);
    expect(said.stdout.includes("\u001b[1m")).toBe(hasColours);
  });

  it("resolves to the exit code instead of rejecting or ending the process", async () => {
    const { io, said } = recordingIo(false);
    expect(await runCli(["verify", "/nowhere/at/all"], io)).toBe(2);
    expect(said.stderr).toContain("/nowhere/at/all is not there");
  });
});
