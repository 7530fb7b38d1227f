// The faults that a soak draws from, each of a length of its own.
import { setTimeout as sleep } from "node:timers/promises";
import type { OutageParts } from "../harness/outage.ts";
import type { TcpProxy } from "../harness/tcp-proxy.ts";
import type { Weather } from "../harness/weather.ts";

type Parts = OutageParts<TcpProxy>;

/** Half a turn of a Collector that comes and goes. */
const FLAP_MS = 500;

/** A fault that lasts for some milliseconds and is over when it resolves. */
export type SoakFault = (parts: Parts, ms: number) => Promise<void>;

/** The faults. */
export const FAULTS: Readonly<Record<string, SoakFault>> = {
  refused: (parts, ms) => under(parts, { kind: "refusing" }, ms),
  stopped: async ({ sink }, ms) => {
    sink.signal("SIGSTOP");
    await sleep(ms);
    sink.signal("SIGCONT");
  },
  "503": (parts, ms) => answering(parts, 503, ms),
  "429": (parts, ms) => answering(parts, 429, ms),
  slow: (parts, ms) => under(parts, { kind: "slow", latencyMs: 2_000, bytesPerS: 1_024 }, ms),
  resets: (parts, ms) => under(parts, { kind: "resets", share: 0.3 }, ms),
  "cut bodies": (parts, ms) => under(parts, { kind: "cut_bodies" }, ms),
  "half-open": (parts, ms) => under(parts, { kind: "half_open" }, ms),
  "black hole": (parts, ms) => under(parts, { kind: "black_hole" }, ms),
  flapping: async (parts, ms) => {
    for (const endMs = performance.now() + ms; performance.now() < endMs; ) {
      await under(parts, { kind: "refusing" }, FLAP_MS);
      await sleep(FLAP_MS);
    }
  },
};

async function answering({ sink }: Parts, status: number, ms: number): Promise<void> {
  await sink.answer({ kind: "status", status });
  await sleep(ms);
  await sink.answer({ kind: "take" });
}

async function under({ receiver }: Parts, weather: Weather, ms: number): Promise<void> {
  await receiver.set(weather);
  await sleep(ms);
  await receiver.set({ kind: "clear" });
}
