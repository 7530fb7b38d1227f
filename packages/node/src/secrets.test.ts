// Secrets, planted wherever a host may be careless with them: none in any byte that leaves, all that is innocent kept.
import { beforeAll, describe, expect, it } from "vitest";
import { type CarelessRun, findLeaks, runCarelessBot } from "../test/careless-bot.ts";

const WAYS = ["OTLP", "files", "/metrics", "stderr"] as const;

describe.each(["return", "crash"] as const)("a careless bot that ends with a %s", (how) => {
  let run: CarelessRun;
  beforeAll(async () => {
    run = await runCarelessBot(how);
  });

  it("planted enough of them, and everything arrived", () => {
    const { secrets, dropped, sink, texts, exitCode } = run;
    expect(exitCode).toBe(how === "crash" ? 1 : 0);
    expect(secrets.length).toBeGreaterThanOrEqual(60);
    expect(dropped).toEqual({});
    expect(new Set(sink.spans.map((span) => span.name))).toContain("book");
    expect(sink.logs.map((log) => log.eventName)).toContain("trading.decision");
    expect(sink.metrics.length).toBeGreaterThan(0);
    expect(texts.files).toContain('"login_tried"');
    expect(texts["/metrics"]).toContain("trading_bot_trades_total");
  });

  it.each(WAYS)("lets none out by way of %s", (way) => expect(findLeaks(run.texts[way], run.secrets)).toEqual([]));

  it("keeps what is innocent, in the journal and over OTLP", () => {
    for (const value of Object.values(run.innocent)) {
      expect(run.texts.files).toContain(value);
      expect(run.texts.OTLP).toContain(value);
    }
  });
});

describe("a careless bot whose Collector is away", () => {
  it("lets none into the spool", async () => {
    const { texts, secrets, innocent } = await runCarelessBot("return", true);
    // Names of scopes are in the spool alone.
    expect(texts.files).toContain("@opentelemetry/instrumentation-http");
    for (const value of Object.values(innocent)) expect(texts.files).toContain(value);
    expect(WAYS.flatMap((way) => findLeaks(texts[way], secrets))).toEqual([]);
  });
});
