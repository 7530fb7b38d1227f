import { describe, expect, it } from "vitest";
import { parseLaunchOptions } from "./launch-options.ts";

function parse(...args: string[]) {
  const options = parseLaunchOptions(args, "/somewhere");
  if (options === "help") throw new Error("asked for help");
  return options;
}

describe("the flags of npm start", () => {
  it("are all optional", () => {
    expect(parse()).toMatchObject({
      seconds: undefined,
      signalRate: 5,
      backendPort: 8000,
      botPort: 9000,
      out: "/somewhere/out",
    });
  });

  it("say how long, how much and what goes wrong", () => {
    const options = parse(
      "--seconds",
      "20",
      "--signals=30",
      "--reject-percent",
      "50",
      "--outage-every",
      "60",
      "--json",
    );
    expect(options).toMatchObject({
      seconds: 20,
      signalRate: 30,
      rejectPercent: 50,
      outageEverySeconds: 60,
      json: true,
    });
  });

  it.each([
    [["--seconds", "0"], /--seconds 0: .*from 1/],
    [["--seconds", "soon"], /--seconds soon/],
    [["--signals="], /--signals/],
    [["--reject-percent", "101"], /--reject-percent 101: .*from 0 to 100/],
    [["--bot-port", "80.5"], /--bot-port 80.5/],
    [["--outage-every", "-1"], /--outage-every/],
    [["--wat"], /--wat/],
  ])("refuse %j with a message that names the flag", (args, message) => {
    expect(() => parse(...args)).toThrow(message);
  });

  it("say where it listens; without them BACKEND_HOST does, and without that it is loopback", () => {
    const hostOf = (args: string[], env: NodeJS.ProcessEnv): unknown =>
      (parseLaunchOptions(args, "/", env) as { host: string }).host;
    expect(hostOf([], {})).toBe("127.0.0.1");
    expect(hostOf([], { BACKEND_HOST: "" })).toBe("127.0.0.1");
    expect(hostOf([], { BACKEND_HOST: "172.17.0.1" })).toBe("172.17.0.1");
    expect(hostOf(["--host", "0.0.0.0"], { BACKEND_HOST: "172.17.0.1" })).toBe("0.0.0.0");
  });

  it("say how they are used", () => {
    expect(parseLaunchOptions(["--help"], "/")).toBe("help");
  });
});
