import { describe, expect, it } from "vitest";
import { createOutageLog } from "./outage-log.ts";

describe("an outage in the log", () => {
  it("is one error when it begins and one line when it is over, however many tries fail", () => {
    const lines: unknown[] = [];
    const log = {
      error: (...line: unknown[]) => void lines.push(["error", ...line]),
      info: (...line: unknown[]) => void lines.push(["info", ...line]),
    };
    const outage = createOutageLog(log as never, "Redis is in trouble", "Redis is back");
    outage.worked();
    for (let i = 0; i < 3; i++) outage.failed(new Error("refused"));
    outage.worked();
    outage.worked();
    outage.failed(new Error("again"));
    expect(lines).toEqual([
      ["error", { error_message: "refused" }, "Redis is in trouble"],
      ["info", { failures: 3 }, "Redis is back"],
      ["error", { error_message: "again" }, "Redis is in trouble"],
    ]);
  });
});
