// A bot that plants its secrets wherever a host may be careless with them, and every byte that came of it.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startChild } from "./child.ts";
import { type OtlpSink, startOtlpSink } from "./otlp-sink.ts";

/** What the bot told of itself, and what left it. */
export interface CarelessRun {
  /** All that was planted, in the settings too. */
  readonly secrets: readonly string[];
  /** What looks like a secret and is none. */
  readonly innocent: Readonly<Record<string, string>>;
  readonly dropped: object;
  readonly exitCode: number | null;
  readonly sink: Pick<OtlpSink, "spans" | "logs" | "metrics">;
  /** Every byte that left, by the way it took. */
  readonly texts: Readonly<Record<"OTLP" | "files" | "/metrics" | "stderr", string>>;
}

/** The fixture's own words. */
interface Planted {
  readonly secrets: string[];
  readonly innocent: Record<string, string>;
  readonly metrics: string;
  readonly dropped: object;
}

const RESOURCE_SECRET = "hV83kfLq20vNaZr7TbWcX1pQ";
const HEADER_SECRET = "gT55kfLq20vNaZr7TbWcX1pQ";

/** Runs it to its end: `return` or `crash`. With `isAway` nobody takes what it sends, and it goes to the spool. */
export async function runCarelessBot(how: "return" | "crash", isAway = false): Promise<CarelessRun> {
  const dir = mkdtempSync(join(tmpdir(), "tracebook-secrets-"));
  const sink = await startOtlpSink();
  if (isAway) sink.answer = 503;
  try {
    const child = startChild("canaries.ts", {
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
    const said = child
      .output()
      .split("\n")
      .filter((line) => line.startsWith('{"secrets"'))
      .map((line) => JSON.parse(line) as Planted);
    const [first, last] = [said[0], said.at(-1)];
    if (first === undefined || last === undefined) throw new Error(`the bot told nothing:\n${child.output()}`);
    return {
      secrets: [...last.secrets, RESOURCE_SECRET, HEADER_SECRET],
      innocent: first.innocent,
      dropped: first.dropped,
      exitCode: code,
      sink,
      texts: {
        OTLP: sink.bodies.join("\n"),
        files: readAll(dir),
        "/metrics": first.metrics,
        stderr: child.stderr(),
      },
    };
  } finally {
    await sink.close();
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Journal and spool. */
function readAll(dir: string): string {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"))
    .join("\n");
}

/** The secrets that are in a text, each with what stands around it. */
export function findLeaks(text: string, secrets: readonly string[]): string[] {
  return secrets.flatMap((secret) => {
    const at = text.indexOf(secret);
    return at < 0 ? [] : [text.slice(Math.max(at - 80, 0), at + secret.length + 20)];
  });
}
