// Node.js and the packages that telemetry is made of: there or not, in which version, and whether they fit together.
import type { TelemetryConfig } from "@tracebook/node/doctor";
import { readLeastNode } from "../version.ts";
import type { Check } from "./check.ts";
import { findPackage, type InstalledPackage } from "./installed-package.ts";

/** What was found of packages. */
export interface PackageFindings {
  /** Versions by name. */
  readonly packages: Readonly<Record<string, string>>;
  readonly checks: readonly Check[];
}

const OUR_PACKAGES = ["core", "metrics", "decisions", "journal", "exporters"].map((name) => `@tracebook/${name}`);

/** What an instrumentation consists of. */
interface Instrumented {
  /** The package that brings it; undefined for one that Tracebook has itself. */
  readonly by: string | undefined;
  /** The packages that it sees, when the project has them; none for what Node.js has itself. */
  readonly hosts: readonly string[];
}

const INSTRUMENTED: Readonly<Record<string, Instrumented>> = {
  http: { by: "@opentelemetry/instrumentation-http", hosts: [] },
  undici: { by: "@opentelemetry/instrumentation-undici", hosts: [] },
  pg: { by: "@opentelemetry/instrumentation-pg", hosts: ["pg"] },
  redis: { by: undefined, hosts: ["redis", "ioredis"] },
  pino: { by: "@opentelemetry/instrumentation-pino", hosts: ["pino"] },
};

/** Looks at the packages of the project in `dir`, or at those of this command where the project has no `@tracebook/node`. */
export function checkPackages(config: TelemetryConfig, dir: string, ownDir: string): PackageFindings {
  const found = findPackage("@tracebook/node", dir);
  const node = found ?? findPackage("@tracebook/node", ownDir);
  const from = node?.dir ?? ownDir;
  const present = [
    node,
    ...OUR_PACKAGES.map((name) => findPackage(name, from)),
    findPackage("tracebook", from),
    findPackage("@opentelemetry/api", from),
    findPackage("@opentelemetry/sdk-node", from),
    ...instrumentationsOf(config).flatMap(({ by }) => (by === undefined ? [] : [findPackage(by, from)])),
    ...instrumentationsOf(config).flatMap(({ hosts }) => hosts.map((name) => findPackage(name, dir))),
  ].filter((one) => one !== undefined);
  const packages = Object.fromEntries(present.map(({ name, version }) => [name, version]));
  const place = found === undefined ? "those of this command: this folder has none" : `those of ${dir}`;
  return {
    packages,
    checks: [
      checkNode(process.versions.node),
      ...checkVersions(packages, place),
      ...checkApi(findPackage("@opentelemetry/api", dir), findPackage("@opentelemetry/api", from)),
      ...(config.enabled ? [checkInstrumentation(config, packages)] : []),
    ],
  };
}

/** What the manifest asks of Node.js: `>=22.18`. */
export function checkNode(version: string): Check {
  const base = { id: "node", subject: "Node.js" } as const;
  const needed = readLeastNode();
  if (compareVersions(version, needed) >= 0) return { ...base, status: "ok", what: version };
  return {
    ...base,
    status: "failed",
    what: `${version} is too old: Tracebook needs ${needed} or later`,
    remedy: "install a newer Node.js, also where the service runs",
  };
}

function checkVersions(packages: Readonly<Record<string, string>>, place: string): Check[] {
  const base = { id: "packages", subject: "packages" } as const;
  const { "@tracebook/node": node, "@opentelemetry/api": api, "@opentelemetry/sdk-node": sdk } = packages;
  if (node === undefined || api === undefined || sdk === undefined) {
    const missing = ["@tracebook/node", "@opentelemetry/api", "@opentelemetry/sdk-node"].filter(
      (name) => packages[name] === undefined,
    );
    const what = `${missing.join(", ")} ${missing.length === 1 ? "is" : "are"} not installed`;
    return [{ ...base, status: "failed", what, remedy: "install again: npm install @tracebook/node" }];
  }
  const differing = OUR_PACKAGES.filter((name) => packages[name] !== undefined && packages[name] !== node);
  if (differing.length > 0) {
    const list = differing.map((name) => `${name} ${packages[name]}`).join(", ");
    const what = `@tracebook/node is ${node}, but ${list}`;
    return [{ ...base, status: "warning", what, remedy: "bring all @tracebook packages to one version" }];
  }
  const what = `@tracebook/node ${node}, OpenTelemetry API ${api} and SDK ${sdk}, ${place}`;
  return [{ ...base, status: "ok", what }];
}

/** The API takes a registration of the same major version and of its own or a later minor version; any other it does not see. */
function checkApi(host: InstalledPackage | undefined, ours: InstalledPackage | undefined): Check[] {
  if (host === undefined || ours === undefined || host.dir === ours.dir) return [];
  const isSeen =
    host.version.split(".")[0] === ours.version.split(".")[0] && compareVersions(host.version, ours.version) <= 0;
  if (isSeen) return [];
  return [
    {
      id: "opentelemetry_api",
      subject: "OpenTelemetry",
      status: "warning",
      what: `this project has @opentelemetry/api ${host.version}, Tracebook ${ours.version}: calls to the first go nowhere`,
      remedy: `npm install @opentelemetry/api@${ours.version}`,
    },
  ];
}

function checkInstrumentation(config: TelemetryConfig, packages: Readonly<Record<string, string>>): Check {
  const base = { id: "instrumentation", subject: "instrumented" } as const;
  const all = instrumentationsOf(config);
  if (all.length === 0) return { ...base, status: "off", what: "nothing, as TELEMETRY_INSTRUMENT says" };
  const isThere = (name: string) => packages[name] !== undefined;
  // What the project does not use needs no instrumentation.
  const blind = all.filter(
    ({ by, hosts }) => by !== undefined && !isThere(by) && (hosts.length === 0 || hosts.some(isThere)),
  );
  if (blind.length > 0) {
    const what = `${blind.map(({ name }) => name).join(", ")} would not be seen: the instrumentation is not installed`;
    const remedy = `npm install ${blind.map(({ by }) => by).join(" ")}; or leave it out of TELEMETRY_INSTRUMENT`;
    return { ...base, status: "warning", what, remedy };
  }
  const shown = all.map(({ name, hosts }) => {
    if (hosts.length === 0) return name;
    const used = hosts.filter(isThere).map((host) => `${host} ${packages[host]}`);
    return used.length === 0 ? `${name} (not installed here)` : used.join(", ");
  });
  return { ...base, status: "ok", what: shown.join(", ") };
}

/** The chosen ones; `host` are figures of the machine and needs nothing. */
function instrumentationsOf({ instrument }: TelemetryConfig): (Instrumented & { name: string })[] {
  return instrument.flatMap((name) => {
    const found = INSTRUMENTED[name];
    return found === undefined ? [] : [{ name, ...found }];
  });
}

/** Below 0, 0 or above 0, by major, minor and patch; what is behind a hyphen is not looked at. */
function compareVersions(one: string, other: string): number {
  const [a, b] = [one, other].map((version) => version.split("-", 1)[0]!.split(".").map(Number)) as [
    number[],
    number[],
  ];
  for (let i = 0; i < 3; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
