// Processes whose Collector is away, and which end meanwhile in every way: the next one delivers what was left, in order.
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { type AddressInfo, createServer, type Server, Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { type Child, startChild } from "../test/child.ts";
import { type OtlpSink, startOtlpSink } from "../test/otlp-sink.ts";
import type { TelemetryHealth } from "./telemetry.ts";

const TICKS = 40;
/** A flow of two stages, and an order. */
const SPANS = 3 * TICKS;

let dir = "";
let sink: OtlpSink;

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), "tracebook-delivery-"));
  sink = await startOtlpSink();
});
afterEach(async () => {
  await sink.close();
  rmSync(dir, { recursive: true, force: true });
});

/** An address where nobody listens until the Collector comes. */
async function absentCollector(): Promise<{ readonly url: string; come(): Promise<void> }> {
  const reserve = createServer();
  const port = await listen(reserve, 0);
  await new Promise((resolve) => reserve.close(resolve));
  return {
    url: `http://127.0.0.1:${port}`,
    async come() {
      const target = Number(new URL(sink.url).port);
      const server = createServer((socket) => {
        const onward = new Socket().connect(target, "127.0.0.1");
        for (const one of [socket, onward]) one.on("error", () => {});
        socket.pipe(onward).pipe(socket);
        socket.on("close", () => onward.destroy());
      });
      await listen(server, port);
      onTestFinished(() => void server.close());
    },
  };
}

async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

/** Starts the bot; one that does not end goes with its test. */
function startBot(how: string, url: string, from = 0, more: Record<string, string> = {}): Child {
  const child = startChild("spooling.ts", {
    args: [how, String(from), String(TICKS)],
    env: {
      TELEMETRY_ENABLED: "true",
      TELEMETRY_OTLP_ENDPOINT: url,
      TELEMETRY_DIR: dir,
      TELEMETRY_PROMETHEUS_PORT: "0",
      // Requests soon and small, so that there are several.
      OTEL_BSP_SCHEDULE_DELAY: "20",
      OTEL_BSP_MAX_EXPORT_BATCH_SIZE: "15",
      OTEL_BLRP_SCHEDULE_DELAY: "20",
      OTEL_BLRP_MAX_EXPORT_BATCH_SIZE: "8",
      ...more,
    },
  });
  onTestFinished(() => void child.process.kill("SIGKILL"));
  return child;
}

/** The orders that arrived, in order of arrival, and the flows. */
const orders = (): unknown[] => sink.logs.map(({ attributes }) => attributes["trading.client_order_id"]);
const flows = (): Set<string> => new Set(sink.spans.map(({ traceId }) => traceId));
const ordersFrom = (from: number, count = TICKS): string[] =>
  Array.from({ length: count }, (_, i) => `order-${from + i}`);

const spoolFiles = (): string[] =>
  readdirSync(dir, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".spool"));

describe("a Collector that is not there yet", () => {
  it("gets everything in order as soon as it comes", async () => {
    const collector = await absentCollector();
    const bot = startBot("watch", collector.url);
    await bot.said(`spooled ${SPANS} ${TICKS}\n`);
    expect(spoolFiles().length).toBeGreaterThan(0);
    await collector.come();
    await bot.said(`exported ${SPANS} ${TICKS}\n`);
    expect(orders()).toEqual(ordersFrom(0));
    expect([sink.spans.length, flows().size]).toEqual([SPANS, TICKS]);
    expect(bot.stderr().match(/are not getting through/g)?.length).toBeLessThanOrEqual(3);
    expect(bot.stderr()).not.toContain("dropped");
  });

  it("gets what a process had on disk that was killed, from the next one, in order", async () => {
    const { url } = await absentCollector();
    for (const from of [0, 100]) {
      const bot = startBot("watch", url, from);
      await bot.said("spooled");
      await bot.said(`spooled ${from === 0 ? SPANS : 2 * SPANS} ${from === 0 ? TICKS : 2 * TICKS}\n`);
      bot.process.kill("SIGKILL");
      await bot.exit;
    }
    const { traces, logs, dropped } = await startBot("report", sink.url).result<TelemetryHealth>();
    expect(traces).toMatchObject({ restored: 2 * SPANS, exported: 2 * SPANS, spooled: 0 });
    expect(logs).toMatchObject({ restored: 2 * TICKS, spooled: 0 });
    expect(dropped).toEqual({});
    expect(orders()).toEqual([...ordersFrom(0), ...ordersFrom(100)]);
    expect([sink.spans.length, flows().size]).toEqual([2 * SPANS, 2 * TICKS]);
    expect(spoolFiles()).toEqual([]);
  });
});

describe("a process that ends in the very moment of its events", () => {
  it.each(["refused", "hanging", "working"])(
    "by process.exit, before a Collector that is %s, leaves them to the next one",
    async (state) => {
      if (state === "hanging") sink.answer = "hang";
      const url = state === "refused" ? (await absentCollector()).url : sink.url;
      const bot = startBot("exit", url);
      expect(await bot.exit).toMatchObject({ code: 7 });
      expect(bot.stderr()).not.toContain("dropped");
      sink.answer = 200;
      const { traces } = await startBot("report", sink.url).result<TelemetryHealth>();
      expect(traces?.restored).toBe(SPANS);
      expect(new Set(orders())).toEqual(new Set(ordersFrom(0)));
      expect(orders()).toEqual(ordersFrom(0));
      expect(flows().size).toBe(TICKS);
    },
  );

  it("without a spool counts what it loses, and says so", async () => {
    const { url } = await absentCollector();
    const bot = startBot("exit", url, 0, { TELEMETRY_SPOOL: "false" });
    expect(await bot.exit).toMatchObject({ code: 7 });
    expect(spoolFiles()).toEqual([]);
    const lost = /^tracebook: dropped (.*)$/m.exec(bot.stderr())?.[1];
    expect(lost).toContain(`${SPANS} spans (shutdown)`);
    expect(lost).toContain(`${TICKS} evidence (shutdown)`);
  });
});

describe("a host that lives with an exception that nobody caught", () => {
  it("keeps its telemetry", async () => {
    const bot = startBot("survive", sink.url);
    await bot.said(`exported ${SPANS} ${TICKS}\n`);
    expect(orders()).toEqual(ordersFrom(0));
    expect(bot.stderr()).not.toContain("dropped");
  });
});
