// The arrows between packages, as drawn in docs: one way, no cycles; what runs in the browser too imports nothing of Node.
"use strict";

/** What each package may import of the others; nothing else, and never itself by its public name. */
const arrows = {
  core: [],
  metrics: ["core"],
  decisions: ["core"],
  journal: ["core"],
  exporters: ["core", "metrics"],
  store: ["core", "journal"],
  alerts: ["core", "metrics", "store"],
  node: ["core", "metrics", "decisions", "journal", "exporters"],
  web: ["core", "decisions"],
  server: ["core", "decisions", "store", "alerts"],
  cli: ["core", "metrics", "decisions", "journal", "exporters", "store", "alerts", "server", "node"],
};
/** One program runs the fault cases of all packages: it lists those of server, which are made of its parts. */
const faultHarness = "^packages/node/faults/((harness|bot)/|fault-case\\.ts$)|^packages/server/faults/cases\\.ts$";
const outsideTests = "\\.(test|test-d|bench)\\.ts$|/(bench|faults|test|testdata|test-support|testing)/";

/** Another package, by its folder (where imports resolve to) and by its name (where they do not resolve). */
function packagesExcept(allowed) {
  const others = Object.keys(arrows).filter((name) => !allowed.includes(name));
  return `^packages/(${others.join("|")})/|^@tracebook/(${others.join("|")})(/|$)${allowed.includes("cli") ? "" : "|^tracebook$"}`;
}

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: "no-cycle",
      comment: "A cycle is two files that are one thing, or one thing in the wrong place.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "resolvable",
      comment: "An import that resolves to nothing works here by accident at best.",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
    ...Object.keys(arrows).map((name) => ({
      name: `arrows-of-${name}`,
      comment: `${name} may import ${arrows[name].join(", ") || "no other package"}: arrows run one way.`,
      severity: "error",
      from: { path: `^packages/${name}/` },
      // What a package's tests are helped by, other tests may use; shipped code may not (tests-stay-out).
      to: { path: packagesExcept([...arrows[name], name]), pathNot: ["^packages/[^/]+/test/", faultHarness] },
    })),
    {
      name: "arrows-of-collector",
      comment:
        "The Collector's files are made from the lists of core, the catalogue of metrics and the standard rules of alerts; nothing else.",
      severity: "error",
      from: { path: "^collector/" },
      to: { path: packagesExcept(["core", "metrics", "alerts"]) },
    },
    {
      name: "collector-is-for-operators",
      comment: "What an operator deploys is made from packages; no package is made from it.",
      severity: "error",
      from: { path: "^(packages|examples)/" },
      to: { path: "^collector/" },
    },
    {
      name: "examples-are-users",
      comment: "Nothing imports an example, and an example reaches packages by their public names only.",
      severity: "error",
      from: { path: "^packages/" },
      to: { path: "^examples/" },
    },
    {
      name: "no-deep-imports",
      comment: "Another package is reached by its name, never by a path into its folder.",
      severity: "error",
      from: { path: "^(packages|examples)/([^/]+)/" },
      to: {
        path: "^packages/",
        pathNot: ["^packages/$2/", "^packages/[^/]+/test/", faultHarness],
        dependencyTypes: ["local"],
      },
    },
    {
      name: "faults-among-themselves",
      comment: "What fault cases are made of is for fault cases.",
      severity: "error",
      from: { path: "^(packages|examples)/", pathNot: "^packages/[^/]+/faults/" },
      to: { path: "^packages/[^/]+/faults/" },
    },
    {
      name: "runs-in-the-browser",
      comment: "core, metrics and decisions judge live, in replay and in the browser: no module of Node's.",
      severity: "error",
      from: { path: "^packages/(core|metrics|decisions)/src/", pathNot: outsideTests },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "only-core-touches-the-api",
      comment: "Of core, metrics and decisions only core knows OpenTelemetry.",
      severity: "error",
      from: { path: "^packages/(metrics|decisions)/src/", pathNot: outsideTests },
      to: { path: "@opentelemetry/" },
    },
    {
      name: "core-knows-the-api-alone",
      comment: "core has one peer dependency, the OpenTelemetry API; an SDK is the host's choice.",
      severity: "error",
      from: { path: "^packages/core/src/", pathNot: outsideTests },
      to: { path: "@opentelemetry/", pathNot: "@opentelemetry/api/" },
    },
    {
      name: "tests-stay-out",
      comment: "Shipped code imports no test and nothing that only a test needs.",
      severity: "error",
      from: { path: "^(packages|examples)/[^/]+/src/", pathNot: outsideTests },
      to: { path: `${outsideTests}|node_modules/(vitest|fast-check)/` },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(packages|examples)/[^/]+/dist/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["@tracebook/source", "import", "node", "default", "types"],
    },
  },
};
