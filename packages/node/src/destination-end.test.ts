// Programs that end with a destination in them, which came late: what it did not get is counted, and ends nobody later than agreed.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Child, startChild } from "../test/child.ts";
import type { DestinationHealth, TelemetryHealth } from "./telemetry.ts";

interface Told {
  readonly stored: { readonly spans: number; readonly logs: number };
  readonly health: DestinationHealth;
  readonly dropped: TelemetryHealth["dropped"];
}

const TICKS = 40;
const SPANS = 3 * TICKS;

let dir = "";
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "tracebook-desk-"));
});
afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

function start(how: string): Child {
  return startChild("desk.ts", {
    args: [how, String(TICKS)],
    env: {
      TELEMETRY_ENABLED: "true",
      TELEMETRY_DIR: dir,
      BOT_METRICS_ENABLED: "false",
      TELEMETRY_SHUTDOWN_TIMEOUT_MS: "600",
    },
  });
}

describe("a program with a destination that came late", () => {
  it("hands it everything when it comes to its end", async () => {
    const { stored, health, dropped } = await start("natural").result<Told>();
    expect(stored).toEqual({ spans: SPANS, logs: TICKS });
    expect(health).toMatchObject({ traces: { delivered: SPANS, waiting: 0 }, logs: { delivered: TICKS, waiting: 0 } });
    expect(dropped).toEqual({});
  });

  it("counts what it could not hand over when it ends at once, and says so", async () => {
    const child = start("exit");
    const { stored, health } = await child.result<Told>();
    expect(stored).toEqual({ spans: 0, logs: 0 });
    expect(health).toMatchObject({
      traces: { accepted: SPANS, waiting: 0, dropped: SPANS },
      logs: { accepted: TICKS, waiting: 0, dropped: TICKS },
    });
    expect(child.stderr()).toMatch(
      /^tracebook: dropped 120 destination_spans \(shutdown\), 40 destination_logs \(shutdown\)$/m,
    );
  });

  it("does so when it crashes, too", async () => {
    const child = start("crash");
    expect((await child.exit).code).toBe(1);
    expect(child.stderr()).toMatch(/dropped (.*, )?120 destination_spans \(shutdown\)/);
  });

  it("ends by a signal although the destination never answers", async () => {
    const child = start("hanging");
    await child.said("trading\n");
    child.process.kill("SIGTERM");
    expect((await child.exit).signal).toBe("SIGTERM");
    expect(child.stderr()).toMatch(/dropped (.*, )?120 destination_spans \(shutdown\)/);
  });
});
