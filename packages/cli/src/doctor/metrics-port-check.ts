// The port of /metrics: free, or in use, and then by whom.
import { createServer } from "node:net";
import type { TelemetryConfig } from "@tracebook/node/doctor";
import { printable } from "../printable.ts";
import type { Check } from "./check.ts";
import { probeHttp } from "./http-probe.ts";
import type { NameLookup } from "./name-lookup.ts";

const BASE = { id: "metrics_port", subject: "/metrics" } as const;
/** Enough to see whose metrics they are; the rest of a large answer is not waited for. */
const LOOKED_BYTES = 1_048_576;
const MOST_WAIT_MS = 2_000;
const MOUNTED = "no port of its own: the host mounts it (TELEMETRY_PROMETHEUS_SERVER)";
const ANOTHER_PORT = "stop it, or set TELEMETRY_PROMETHEUS_PORT to a free port";

/** Opens the port and closes it at once; asks who is there when it is taken. Never rejects. */
export async function checkMetricsPort(config: TelemetryConfig, timeoutMs: number, names: NameLookup): Promise<Check> {
  const { enabled, server, host, port } = config.prometheus;
  if (!enabled) return { ...BASE, status: "off", what: "not served, as the configuration says" };
  if (!server) return { ...BASE, status: "off", what: MOUNTED };
  if (port === 0) return { ...BASE, status: "ok", what: `${host}: any free port` };
  const place = `${host.includes(":") ? `[${host}]` : host}:${port}`;
  const refusal = await tryListen(host, port, names);
  if (refusal === undefined) return { ...BASE, status: "ok", what: `${place} is free` };
  if (refusal === "EADDRINUSE") return describeOwner(config, place, Math.min(timeoutMs, MOST_WAIT_MS), names);
  return { ...BASE, status: "failed", ...explainRefusal(place, host, refusal) };
}

/** The code of what stands in the way; undefined when the port could be opened. */
async function tryListen(host: string, port: number, names: NameLookup): Promise<string | undefined> {
  try {
    const [first] = await names.resolve(host);
    await new Promise<void>((resolve, reject) => {
      const server = createServer((socket) => socket.destroy());
      server.on("error", reject);
      server.listen({ host: first!.address, port, exclusive: true }, () => server.close(() => resolve()));
    });
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? "unknown error";
  }
}

function explainRefusal(place: string, host: string, code: string): Pick<Check, "what" | "remedy"> {
  if (code === "EACCES")
    return { what: `${place} needs rights that this user lacks (EACCES)`, remedy: "choose a port above 1023" };
  const isElsewhere = ["EADDRNOTAVAIL", "ENOTFOUND", "EAI_AGAIN", "NO_ADDRESS"].includes(code);
  return {
    what: `cannot listen on ${place} (${code})${isElsewhere ? `: ${host} is no address of this machine` : ""}`,
    remedy: "correct TELEMETRY_PROMETHEUS_HOST: 127.0.0.1, 0.0.0.0 for all, or an address of this machine",
  };
}

async function describeOwner(
  config: TelemetryConfig,
  place: string,
  timeoutMs: number,
  names: NameLookup,
): Promise<Check> {
  const { host, port } = config.prometheus;
  const reachable = { "0.0.0.0": "127.0.0.1", "::": "[::1]" }[host] ?? (host.includes(":") ? `[${host}]` : host);
  const answer = await probeHttp({
    url: `http://${reachable}:${port}/metrics`,
    method: "GET",
    headers: { accept: "text/plain", "user-agent": "tracebook-doctor" },
    timeoutMs,
    trust: { rejectUnauthorized: true, ca: undefined },
    names,
    maxBodyBytes: LOOKED_BYTES,
  });
  const service = answer.kind === "answer" ? serviceOf(answer.body.toString("utf8")) : undefined;
  if (service === undefined)
    return { ...BASE, status: "failed", what: `${place} is taken by another program`, remedy: ANOTHER_PORT };
  if (service === config.serviceName)
    return { ...BASE, status: "ok", what: `${place} is served by a running Tracebook, of this service` };
  const name = service === "" ? "without a name" : printable(service, 128);
  const what = `${place} is taken by the Tracebook of another service, ${name}`;
  return { ...BASE, status: "failed", what, remedy: ANOTHER_PORT };
}

/** The service whose metrics these are; undefined when they are not Tracebook's. */
export function serviceOf(exposition: string): string | undefined {
  const isOurs = /^target_info\{.*telemetry_distro_name="tracebook"|^# (?:HELP|TYPE) tracebook_/m.test(exposition);
  if (!isOurs) return undefined;
  const quoted = /^target_info\{(?:.*,)?service_name="((?:[^"\\\n]|\\.)*)"/m.exec(exposition)?.[1] ?? "";
  return quoted.replace(/\\([\\"n])/g, (_, escaped: string) => (escaped === "n" ? "\n" : escaped));
}
