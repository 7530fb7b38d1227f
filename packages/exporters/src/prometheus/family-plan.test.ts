// Names that meet: the first one wins, the rest is told, and what comes out is valid.
import { createMetricRegistry, defineMetric, type MetricDefinition, type MetricRegistry } from "@tracebook/metrics";
import { describe, expect, it } from "vitest";
import { parseStrictly } from "../../test/strict-exposition.ts";
import { type ExpositionProblem, planFamilies } from "./family-plan.ts";
import { createLabelNames } from "./label-names.ts";
import { toLabelName, toMetricName, unitInName } from "./prometheus-names.ts";
import { registryCandidates } from "./registry-families.ts";
import { writeText } from "./text-format.ts";

type Given = readonly [name: string, kind: "counter" | "gauge" | "histogram", labels?: Record<string, string>];

function registryOf(given: readonly Given[]): MetricRegistry {
  const registry = createMetricRegistry();
  for (const [name, kind, labels = {}] of given) {
    const definition: MetricDefinition = defineMetric({
      name,
      kind,
      unit: "1",
      labels: Object.keys(labels),
      help: "Help.",
    });
    if (kind === "counter") registry.counter(definition).add(1, labels);
    else if (kind === "gauge") registry.gauge(definition).set(2, labels);
    else registry.histogram(definition).record(3, labels);
  }
  return registry;
}

function expose(given: readonly Given[]): {
  types: (isOpenMetrics: boolean) => string[];
  problems: ExpositionProblem[];
} {
  const problems: ExpositionProblem[] = [];
  const candidates = registryCandidates(registryOf(given).read(), createLabelNames());
  const families = planFamilies(candidates, ["target_info"], (problem) => problems.push(problem));
  const text = (isOpenMetrics: boolean): string => [...writeText(families, isOpenMetrics)].join("");
  return {
    types: (isOpenMetrics) =>
      [...parseStrictly(text(isOpenMetrics), isOpenMetrics)].map(([name, { type }]) => `${name} ${type}`),
    problems,
  };
}

describe("names", () => {
  it.each([
    ["http.server.request.duration", "http_server_request_duration"],
    ["a..b--c", "a_b_c"],
    ["a__b", "a__b"],
    ["4xx", "_4xx"],
    ["größe", "gr_e"],
    ["job:rate", "job_rate"],
    ["…", "_"],
    ["", "_"],
  ])("the metric %j is %j", (name, exposed) => expect(toMetricName(name)).toBe(exposed));

  it.each([
    ["http.route", "http_route"],
    ["__name__", "_name_"],
    ["a__b", "a_b"],
    ["4xx", "key_4xx"],
    ["…", "key"],
    ["", "key"],
  ])("the label %j is %j", (name, exposed) => expect(toLabelName(name)).toBe(exposed));

  it.each([
    ["trading_bot_pnl_usd", "{USD}", "usd"],
    ["order_notional_usd_total", "{USD}", "usd"],
    ["lag_seconds", "s", "seconds"],
    ["spool_bytes", "By", "bytes"],
    ["http_server_request_duration", "s", ""],
    ["cpu_usage", "%", ""],
    ["trades_total", "{trade}", ""],
  ])("the unit that %s (%s) ends in is %j", (name, unit, word) => expect(unitInName(name, unit)).toBe(word));
});

describe("names that meet", () => {
  it("two metrics with one name: the first is exposed, the second is told", () => {
    const { types, problems } = expose([
      ["a.b", "gauge"],
      ["a_b", "counter"],
    ]);
    expect(types(false)).toEqual(["a_b gauge"]);
    expect(problems).toEqual([
      {
        code: "name_conflict",
        metric: "a_b",
        message: 'the counter "a_b" is not on /metrics: the gauge "a.b" has the name a_b there',
      },
    ]);
  });

  it("a gauge with the name of a histogram's sample is not exposed", () => {
    const { types, problems } = expose([
      ["lag", "histogram"],
      ["lag_count", "gauge"],
      ["lag_max", "gauge"],
    ]);
    expect(types(true)).toEqual(["lag histogram", "lag_max gauge"]);
    expect(problems.map(({ metric }) => metric)).toEqual(["lag_count"]);
  });

  it("a histogram whose samples would take a gauge's name is not exposed", () => {
    expect(expose([["lag_sum", "gauge"], ["lag", "histogram"]]).types(false)).toEqual(["lag_sum gauge"]); // biome-ignore format: one line
  });

  it("target_info is taken", () => {
    expect(expose([["target.info", "gauge"]]).problems.map(({ code }) => code)).toEqual(["name_conflict"]);
  });
});

describe("what OpenMetrics has no counter for", () => {
  it.each<[string, readonly Given[], readonly string[]]>([
    ["a counter without _total", [["requests", "counter"]], ["requests unknown"]],
    [
      "a counter beside a gauge of its name without _total",
      [
        ["queue", "gauge"],
        ["queue_total", "counter"],
      ],
      ["queue gauge", "queue_total unknown"],
    ],
    [
      "the same the other way round",
      [
        ["queue_total", "counter"],
        ["queue", "gauge"],
      ],
      ["queue_total unknown", "queue gauge"],
    ],
    ["a gauge that ends in _total is a gauge", [["bots_active_total", "gauge"]], ["bots_active_total gauge"]],
    ["an ordinary counter is one", [["trades_total", "counter"]], ["trades counter"]],
  ])("%s", (_what, given, types) => {
    expect(expose(given).types(true)).toEqual(types);
  });

  it("stays a counter in Prometheus' own text", () => {
    expect(expose([["requests", "counter"]]).types(false)).toEqual(["requests counter"]);
  });
});

describe("labels that meet", () => {
  it("are put together, so that a name comes once", () => {
    const names = createLabelNames();
    expect(names.labels({ "a.b": "1", a_b: "2" }, false)).toEqual(["a_b", "1;2"]);
  });

  it("whose values make two series one: the sum is there once", () => {
    const registry = createMetricRegistry();
    const definition = defineMetric({
      name: "a_total",
      kind: "counter",
      unit: "1",
      labels: ["x.y", "x_y"],
      help: "A.",
    });
    registry.counter(definition).add(1, { "x.y": "1;2", x_y: "3" });
    registry.counter(definition).add(2, { "x.y": "1", x_y: "2;3" });
    const candidates = registryCandidates(registry.read(), createLabelNames());
    const text = [
      ...writeText(
        planFamilies(candidates, [], () => {}),
        false,
      ),
    ].join("");
    expect(parseStrictly(text, false).get("a_total")?.samples).toMatchObject([{ labels: { x_y: "1;2;3" }, value: 3 }]);
  });

  it("le of a histogram's own gives way", () => {
    expect(createLabelNames().labels({ le: "x" }, true)).toEqual(["exported_le", "x"]);
    expect(createLabelNames().labels({ le: "x" }, false)).toEqual(["le", "x"]);
  });
});
