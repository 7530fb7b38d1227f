// Secrets, planted wherever a service may have them, before receivers that repeat all they get: none is printed.
import { describe, expect, it } from "vitest";
import { type Received, startHttp2, startReceiver } from "../../test/receivers.ts";
import { doctor } from "../../test/services.ts";

const SECRET = "s3cr3tAbCdEfGhIjKlMnOpQrStUvWxYz";
/** Of the URL alone; what is in the query stands there in one way and is meant in another. */
const IN_PATH = "pa7hAbCdEfGh0123456789";
const [QUERY, IN_QUERY] = ["qu3ry%2FAbCd%3D0123", "qu3ry/AbCd=0123"];
const BASIC = btoa(`bot:${SECRET}`);
const WAYS = [[[]], [["--json"]], [["--no-send"]]];

const ENVIRONMENT = {
  TELEMETRY_OTLP_HEADERS: JSON.stringify({ authorization: `Bearer ${SECRET}`, "x-basic": `Basic ${BASIC}` }),
  OTEL_EXPORTER_OTLP_LOGS_HEADERS: `x-key=${SECRET}`,
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `http://u:${SECRET}@collector/v1/traces`,
  OTEL_RESOURCE_ATTRIBUTES: `a.token=${SECRET}`,
  TELEMETRY_SLOW_MS: SECRET,
  [`TELEMETRY_${SECRET}`]: "1",
  TELEMETRY_RUN_ID: `Bearer ${SECRET}`,
  ENVIRONMENT: `Bearer ${SECRET}`,
};

/** All that was printed. A name is a name: it is shown so that it can be found. */
async function printed(
  url: string | undefined,
  env: Readonly<Record<string, string>>,
  args: readonly string[],
): Promise<string> {
  const { stdout, stderr } = await doctor(url, { ...ENVIRONMENT, ...env }, args);
  return (stdout + stderr).replaceAll(`TELEMETRY_${SECRET}`, "").replaceAll(/\s+/g, " ");
}

function expectNone(text: string): void {
  for (const secret of [SECRET, BASIC, IN_PATH, QUERY, IN_QUERY]) expect(text).not.toContain(secret);
}

describe("what tracebook doctor prints holds no secret", () => {
  it.each(WAYS)("of the headers that a receiver repeats, with %j", async (args) => {
    const { url } = await startReceiver(({ headers }: Received) => ({
      status: 403,
      headers: { location: `http://x/${SECRET}`, "content-type": "text/plain" },
      body: `you sent ${headers["x-basic"]} and ${headers.authorization}`,
    }));
    const text = await printed(`${url}/${IN_PATH}/?q=${QUERY}`, {}, args);
    expectNone(text);
    expect(text.includes("you sent *** and ***")).toBe(args[0] !== "--no-send");
  });

  it.each(WAYS)("of the URL that a receiver repeats, with %j", async (args) => {
    const { url } = await startReceiver(({ path }: Received) => ({
      status: 401,
      body: `no access to ${path}, ${decodeURIComponent(path)}`,
    }));
    const text = await printed(`${url}/${IN_PATH}/?q=${QUERY}`, {}, args);
    expectNone(text);
    expect(text.includes("no access to /***/v1/")).toBe(args[0] !== "--no-send");
  });

  it.each(WAYS)("of the path in the remedy for a gRPC port, with %j", async (args) => {
    const { url } = await startHttp2();
    const own = { OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: `${url}/${IN_PATH}/v1/metrics?q=${QUERY}` };
    const text = await printed(undefined, own, args);
    expectNone(text);
    expect(text.includes("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT=http://127.0.0.1:4318/***/v1/metrics")).toBe(
      args[0] !== "--no-send",
    );
  });
});
