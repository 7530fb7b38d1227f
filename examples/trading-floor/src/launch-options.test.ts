import { describe, expect, it } from "vitest";
import { parseLaunchOptions } from "./launch-options.ts";

function parse(...args: string[]) {
  const options = parseLaunchOptions(args, "/somewhere");
  if (options === "help") throw new Error("asked for help");
  return options;
}

describe("the flags of npm start", () => {
  it("pass further arguments on to either process, given as one word in quotes or joined by =", () => {
    const options = parse("--exchange", "--drop-depth 500  --malformed 1000", "--trader=--quantity 0.1", "--json");
    expect(options.exchangeArgs).toEqual(["--drop-depth", "500", "--malformed", "1000"]);
    expect(options.traderArgs).toEqual(["--quantity", "0.1"]);
    expect(options.json).toBe(true);
  });

  it("start relative paths from the folder npm was called in", () => {
    const options = parse("--recording", "a.jsonl.gz", "--recording", "/b.jsonl", "--out", "here");
    expect(options.recordings).toEqual(["/somewhere/a.jsonl.gz", "/b.jsonl"]);
    expect(options.out).toBe("/somewhere/here");
  });

  it.each([
    [["--seconds", "0"], /--seconds 0/],
    [["--seconds", "soon"], /--seconds soon/],
    [["--speed", "fast"], /--speed fast/],
    [["--live", "--recording", "a"], /--live and --recording/],
    [["--exchange"], /--exchange/],
    [["--desk-port", "http"], /--desk-port http/],
    [["--wat"], /--wat/],
  ])("refuse %j with a message that names the flag", (args, message) => {
    expect(() => parse(...args)).toThrow(message);
  });

  it("run desk and scanner unless they are left out", () => {
    expect(parse()).toMatchObject({ desk: true, scanner: true, deskPort: undefined });
    expect(parse("--no-desk", "--no-scanner", "--desk-port", "0")).toMatchObject({
      desk: false,
      scanner: false,
      deskPort: "0",
    });
    expect(parse("--scanner", "--profile strict").scannerArgs).toEqual(["--profile", "strict"]);
  });

  it("say how they are used", () => {
    expect(parseLaunchOptions(["--help"], "/")).toBe("help");
  });
});
