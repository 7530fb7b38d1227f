// Secrets, planted wherever a host may be careless with them: none in any byte that leaves, all that is innocent kept.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Child, startChild } from "../test/child.ts";
import { type OtlpSink, startOtlpSink } from "../test/otlp-sink.ts";

interface Planted {
  secrets: string[];
  innocent: Record<string, string>;
  metrics: string;
  dropped: object;
}

const RESOURCE_SECRET = "hV83kfLq20vNaZr7TbWcX1pQ";
const HEADER_SECRET = "gT55kfLq20vNaZr7TbWcX1pQ";

describe.each(["return", "crash"])("a careless bot that ends with a %s", (how) => {
  let dir = "";
  let sink: OtlpSink;
  let child: Child;
  let planted: Planted;
  let journal = "";

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), "tracebook-secrets-"));
    sink = await startOtlpSink();
    child = startChild("canaries.ts", {
      args: [how],
      env: {
        TELEMETRY_ENABLED: "true",
        TELEMETRY_OTLP_ENDPOINT: sink.url,
        TELEMETRY_OTLP_HEADERS: JSON.stringify({ authorization: `Bearer ${HEADER_SECRET}` }),
        TELEMETRY_DIR: dir,
        TELEMETRY_PROMETHEUS_PORT: "0",
        OTEL_LOG_LEVEL: "debug",
        OTEL_RESOURCE_ATTRIBUTES: `vendor.api_key=${RESOURCE_SECRET},region=eu`,
      },
    });
    const { code } = await child.exit;
    expect(code, child.output()).toBe(how === "crash" ? 1 : 0);
    const said = child
      .output()
      .split("\n")
      .filter((line) => line.startsWith('{"secrets"'))
      .map((line) => JSON.parse(line) as Planted);
    planted = { ...(said[0] as Planted), secrets: said.at(-1)?.secrets ?? [] };
    journal = readdirSync(dir, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"))
      .join("\n");
  });
  afterAll(async () => {
    await sink.close();
    rmSync(dir, { recursive: true, force: true });
  });

  it("planted enough of them, and everything arrived", () => {
    expect(planted.secrets.length).toBeGreaterThanOrEqual(60);
    expect(planted.dropped).toEqual({});
    expect(new Set(sink.spans.map((span) => span.name))).toContain("book");
    expect(sink.logs.map((log) => log.eventName)).toContain("trading.decision");
    expect(sink.metrics.length).toBeGreaterThan(0);
    expect(journal).toContain('"login_tried"');
    expect(planted.metrics).toContain("trading_bot_trades_total");
  });

  it("lets none out over OTLP", () => expect(leaksIn(sink.bodies.join("\n"), planted.secrets)).toEqual([]));
  it("lets none into the journal", () => expect(leaksIn(journal, planted.secrets)).toEqual([]));
  it("lets none out on /metrics", () => expect(leaksIn(planted.metrics, planted.secrets)).toEqual([]));
  it("lets none out on stderr", () => expect(leaksIn(child.stderr(), planted.secrets)).toEqual([]));

  it("keeps what is innocent, in the journal and over OTLP", () => {
    const bodies = sink.bodies.join("\n");
    for (const value of Object.values(planted.innocent)) {
      expect(journal).toContain(value);
      expect(bodies).toContain(value);
    }
  });
});

/** The secrets that are in a text, with what stands around them. */
function leaksIn(text: string, secrets: readonly string[]): string[] {
  return [...secrets, RESOURCE_SECRET, HEADER_SECRET].flatMap((secret) => {
    const at = text.indexOf(secret);
    return at < 0 ? [] : [text.slice(Math.max(at - 80, 0), at + secret.length + 20)];
  });
}
