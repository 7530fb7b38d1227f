// Checks a destination as `tracebook doctor` does, and reads what it says.
import type { OtlpTarget } from "@tracebook/node/doctor";
import { checkDestination, type Destination, type DestinationResult } from "../src/doctor/destination-check.ts";
import type { Signal } from "../src/doctor/doctor-signals.ts";
import { createNameLookup } from "../src/doctor/name-lookup.ts";
import { type Answer, startReceiver } from "./receivers.ts";

const TRUST = { rejectUnauthorized: true, ca: undefined };
const SOURCES = { otlpTracesEndpoint: "TELEMETRY_OTLP_ENDPOINT", otlpTracesHeaders: "TELEMETRY_OTLP_HEADERS" };

/** Sends a body to a URL; without more said, as traces and with 5 s of time. */
export function check(url: string, target: Partial<OtlpTarget> = {}, rest: Partial<Destination> = {}) {
  return checkDestination({
    signal: "traces",
    target: { url, headers: {}, protocol: "http/protobuf", timeoutMs: 10_000, compression: "none", ...target },
    body: Buffer.from("a body"),
    sources: SOURCES,
    trust: TRUST,
    names: createNameLookup(rest.timeoutMs ?? 5_000, process.env),
    timeoutMs: 5_000,
    ...rest,
  });
}

/** What a person reads. */
export function sentence({ check }: DestinationResult): string {
  return `${check.status}: ${check.what} -> ${check.remedy ?? ""}`;
}

/** What becomes of a signal when a receiver gives this answer. */
export async function answered(answer: Answer, signal: Signal = "traces"): Promise<DestinationResult> {
  const { url } = await startReceiver(answer);
  return check(`${url}/v1/${signal}`, {}, { signal });
}
