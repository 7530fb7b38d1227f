// Runs all checks of `tracebook doctor` at once and shows what they found.
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { createRedactor, isTelemetryRunning } from "@tracebook/core";
import { type ConfigurationInForce, describeConfiguration, type TelemetryConfig } from "@tracebook/node/doctor";
import type { CommandContext } from "../command.ts";
import { printable } from "../printable.ts";
import { type Check, guardCheck } from "./check.ts";
import { checkClocks } from "./clock-check.ts";
import { checkDestination, type DestinationResult } from "./destination-check.ts";
import { renderDoctorJson } from "./doctor-json.ts";
import { type DoctorReport, EXIT_OF_VERDICT, verdictOf } from "./doctor-report.ts";
import { createDoctorSignals, type DoctorSignals, SIGNALS } from "./doctor-signals.ts";
import { renderDoctorText } from "./doctor-text.ts";
import { checkJournal, type JournalFindings } from "./journal-check.ts";
import { checkMetricsPort } from "./metrics-port-check.ts";
import { createNameLookup, type NameLookup } from "./name-lookup.ts";
import { checkPackages, type PackageFindings } from "./package-check.ts";
import { readEnvFile, readTlsTrust, type TlsTrust } from "./service-environment.ts";

/** What the command was asked to do. */
export interface DoctorOptions {
  /** A file of variables to look at instead of the environment of this process. */
  readonly envFile: string | undefined;
  /** Send nothing. */
  readonly noSend: boolean;
  readonly json: boolean;
  /** The time that the network has, in milliseconds. */
  readonly timeoutMs: number;
}

/** How the network is asked. */
interface Network {
  readonly trust: TlsTrust;
  readonly names: NameLookup;
  readonly timeoutMs: number;
}

/** Checks everything and writes the result; resolves to the exit code. Throws `CliError` for a file that cannot be read. */
export async function runDoctor(options: DoctorOptions, { stdout, paint, config }: CommandContext): Promise<number> {
  const env = options.envFile === undefined ? config.env : readEnvFile(options.envFile);
  const configuration = describeConfiguration(env);
  const { trust, checks } = readTlsTrust(env, options.envFile === undefined);
  const network = { trust, names: createNameLookup(options.timeoutMs, config.env), timeoutMs: options.timeoutMs };
  const report = await examine(configuration, options, network, [...(await endOwnTelemetry()), ...checks]);
  await stdout.write(options.json ? renderDoctorJson(report) : renderDoctorText(report, paint));
  return EXIT_OF_VERDICT[verdictOf(report)];
}

/** `NODE_OPTIONS=--import @tracebook/node/register` is for the service and starts telemetry here, too: it would be in its own way. */
async function endOwnTelemetry(): Promise<Check[]> {
  if (!isTelemetryRunning()) return [];
  const { startTelemetry } = await import("@tracebook/node");
  await (await startTelemetry()).shutdown();
  const what = "NODE_OPTIONS started telemetry in this command, too; it was ended before anything was checked";
  return [{ id: "node_options", subject: "NODE_OPTIONS", status: "note", what }];
}

async function examine(
  configuration: ConfigurationInForce,
  options: DoctorOptions,
  network: Network,
  ofNode: readonly Check[],
): Promise<DoctorReport> {
  const { config } = configuration;
  const isOn = config.enabled || config.prometheus.enabled;
  const found: { packages?: PackageFindings; journal?: JournalFindings } = {};
  const signals = createDoctorSignals(config, Date.now());
  const dir = resolve(config.journal.dir);
  const [packages, journal, port, destinations] = await Promise.all([
    guardCheck("packages", "packages", async () => {
      found.packages = checkPackages(config, process.cwd(), dirname(fileURLToPath(import.meta.url)));
      return found.packages.checks;
    }),
    guardCheck("journal", "journal", async () => {
      if (!config.enabled) return [];
      found.journal = await checkJournal(config, dir);
      return found.journal.checks;
    }),
    guardCheck("metrics_port", "/metrics", async () =>
      isOn ? [await checkMetricsPort(config, network.timeoutMs, network.names)] : [],
    ),
    options.noSend ? [] : send(config, signals, network),
  ]);
  const redactor = createRedactor();
  return {
    configuration,
    serviceName: redactor.text(config.serviceName),
    environment: config.environment === undefined ? undefined : redactor.text(config.environment),
    envFile: options.envFile,
    packages: found.packages?.packages ?? {},
    journal: found.journal,
    destinations,
    traceId: signals.traceId,
    checks: [
      ...describeProblems(configuration),
      ...packages,
      ...ofNode,
      ...journal,
      ...port,
      ...destinations.map(({ check }) => check),
      ...(destinations.length > 0 ? [] : describeNotSent(config, options)),
      ...checkClocks(readClocks(config, destinations)),
    ],
  };
}

/** One request for each signal that leaves, all at once. */
function send(config: TelemetryConfig, signals: DoctorSignals, network: Network): Promise<DestinationResult[]> {
  const { sources } = config;
  const sent = SIGNALS.flatMap((signal) => {
    const target = config.otlp[signal];
    if (target === undefined) return [];
    const body = signals.bytesOf(signal, target.protocol);
    return [checkDestination({ signal, target, body, sources, ...network })];
  });
  return Promise.all(sent);
}

function describeProblems({ config, problems, refusesToStart }: ConfigurationInForce): Check[] {
  const base = { id: "configuration", subject: "configuration" } as const;
  const isOff = !config.enabled && !config.prometheus.enabled;
  const state: Check[] = isOff
    ? [
        {
          id: "telemetry",
          subject: "telemetry",
          status: "warning",
          ...whyOff(config),
        },
      ]
    : [];
  if (problems.length === 0) return [{ ...base, status: "ok", what: "every variable is understood" }, ...state];
  const wrong = problems.map(({ line }): Check => ({ ...base, status: "failed", what: printable(line, 512) }));
  if (refusesToStart) {
    const what = "the service would not start with this: TELEMETRY_STRICT is true";
    wrong.push({ ...base, status: "failed", what, remedy: "correct or unset the variables above" });
  }
  return [...wrong, ...state];
}

function whyOff({ sources }: TelemetryConfig): Pick<Check, "what" | "remedy"> {
  const source = sources["enabled"];
  // The standard's switch wins over all others.
  const remedy = source === "OTEL_SDK_DISABLED" ? `unset ${source}` : "set TELEMETRY_ENABLED=true";
  return { what: source === "default" ? "off, as it is by default" : `off, by ${source}`, remedy };
}

function describeNotSent(config: TelemetryConfig, { noSend }: DoctorOptions): Check[] {
  if (!config.enabled) return [];
  const base = { id: "otlp", subject: "OTLP", status: "off" } as const;
  if (SIGNALS.every((signal) => config.otlp[signal] === undefined)) {
    const what = "nothing leaves over OTLP: no endpoint is set, or all of it is switched off";
    return [{ ...base, what, remedy: "to send it somewhere: TELEMETRY_OTLP_ENDPOINT=http://127.0.0.1:4318" }];
  }
  return noSend ? [{ ...base, what: "nothing was sent, as --no-send asks" }] : [];
}

function readClocks(config: TelemetryConfig, destinations: readonly DestinationResult[]) {
  return destinations.flatMap(({ signal, clockOffset: offset }) => {
    const target = config.otlp[signal];
    return offset === undefined || target === undefined ? [] : [{ host: new URL(target.url).host, offset }];
  });
}
